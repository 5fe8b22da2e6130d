from containers import *

write("tomcat.csr", request("cucm-pub.example.com", dns=["cucm-pub.example.com"]))
write("tomcat.pem", signed_leaf(key="other").pem)
