/** Start of the page. */
import "./styles/base.css";
import "./styles/page.css";
import "./styles/report.css";
import "./styles/chain.css";
import "./styles/capture.css";
import "./styles/ladder.css";
import "./styles/hex.css";
import "./styles/print.css";
import "./app.js";
