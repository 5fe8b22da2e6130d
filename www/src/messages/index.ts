/** The messages in use. One language now; a chooser would set it here. */
import { en, type Messages } from "./en.js";

export const messages: Messages = en;
