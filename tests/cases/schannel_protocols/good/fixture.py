# What regedit exports after TLS 1.1 and 1.2 were switched on: UTF-16 with a byte order mark.
from tlvfixtures import write

path = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"
lines = ["Windows Registry Editor Version 5.00", "", f"[{path}]", ""]
for version in ("TLS 1.1", "TLS 1.2"):
    lines += [f"[{path}\\{version}]", ""]
    for half in ("Client", "Server"):
        lines += [f"[{path}\\{version}\\{half}]", '"DisabledByDefault"=dword:00000000', '"Enabled"=dword:00000001', ""]
write("schannel.reg", "".join(line + "\r\n" for line in lines).encode("utf-16"))
