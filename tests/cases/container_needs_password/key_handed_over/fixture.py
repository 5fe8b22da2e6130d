from containers import *

write("phone.key", encrypted_pkcs8("phone", "not-a-real-one"))
