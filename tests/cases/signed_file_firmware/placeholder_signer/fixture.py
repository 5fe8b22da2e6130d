from signed_and_certificates import *

write("other.pem", cucm.other.pem)
write("cvm88xx.sbn", sgn("cvm88xx.sbn", b"CNU_File_Archive_3.0" + bytes(64), cucm.other, version=(1, 1), timestamp=None,
    name="CN=someSigner;OU=someOrgUnit;O=someOrg", issuer="CN=someCA;OU=someOrgUnit;O=someOrg",
    serial=bytes.fromhex("1234567890abcdef")))
