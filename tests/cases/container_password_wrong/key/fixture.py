from containers import *

write("server.key", encrypted_pkcs8("tomcat", "not-a-real-one"))
