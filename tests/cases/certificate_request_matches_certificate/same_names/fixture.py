from containers import *

names = ["cucm-pub.example.com", "example.com"]
write("tomcat.csr", request("cucm-pub.example.com", dns=names))
write("tomcat.pem", signed_leaf(dns=["example.com", "CUCM-pub.example.com"]).pem)
