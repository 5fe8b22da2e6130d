from containers import *

write("tomcat.csr", flip_in_pem(request("cucm-pub.example.com"), 40))
