from signed_and_certificates import *

# The classic of CSCwa12905: both self-signed, both named after the node.
pair = [certificate("CN=cucm-pub.example.com;O=Example", key, not_after="2030-01-01") for key in ("callmanager", "tomcat")]
write("store.pem", "".join(one.pem for one in pair))
