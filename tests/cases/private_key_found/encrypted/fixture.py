from signed_and_certificates import *

write("server.key", encrypted_pkcs8("tomcat", "not-a-real-one"))
