from signed_and_certificates import *

write("phone-key.pem", cucm.phone.key.pem)
