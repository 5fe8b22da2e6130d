from containers import *

write("tomcat.csr", request("cucm-pub.example.com", key="other", dns=["cucm-pub.example.com"]))
write("tomcat.pem", cucm.tomcat.pem)
