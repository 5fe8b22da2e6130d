from containers import *

names = ["cucm-pub.example.com", "example.com"]
write("tomcat.csr", request("cucm-pub.example.com", dns=names))
write("tomcat.pem", signed_leaf(dns=["cucm-pub.example.com", "www.example.com"]).pem)
