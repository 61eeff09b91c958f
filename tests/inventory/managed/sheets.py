"""Lists as managements write them; no real thing, person or number is in them."""

INTUNE = """Device ID,Device name,Last check-in,OS version,Serial number,Manufacturer,Model,\
Total storage,Free storage,Managed by,Ownership,Device state,Intune registered,Supervised,\
Encrypted,OS
a-1,iPad Oak 1,2026-11-21 08:15:30.1234567,26.1,TABLET0001,Apple,iPad (10th generation),\
61440,20480,Intune,Corporate,Managed,Registered,True,True,iOS/iPadOS
a-2,Phone,2026-11-20 08:15:30.0000000,16,PHONE00002,Samsung,Galaxy A56 5G,\
122880,,Intune,Corporate,Managed,Registered,False,False,Android (Fully Managed)
a-3,WIN-7,2026-11-22 08:15:30.0000000,10.0.26200.9106,LAPTOP0003,HP,EliteBook 840 G11,\
487119,1200,Intune,Corporate,Managed,Registered,False,True,Windows
a-4,iPad Oak 2,0001-01-01 00:00:00.0000000,,TABLET0004,Apple,iPad (10th generation),\
,,Intune,Corporate,Managed,ApprovalPending,,,iOS/iPadOS
"""
JAMF = """AssetTag;AvailableCapacity;IsLostModeEnabled;IsManaged;IsSupervised;IsTrashed;\
LastConnected;Model;Name;OsVersion;SerialNumber
;38.5;false;true;true;false;2026-11-21T07:24:34Z;iPad Air (5th generation) Wi-Fi;Oak 1;\
iOS 26.1.0;TABLET0001
;0.0;true;true;false;false;2026-11-01T10:29:36Z;;;iOS ;TABLET0005
;9.0;false;true;true;true;2026-11-21T07:24:34Z;iPad;Old;iOS 17.0;TABLET0006
;9.0;false;true;true;false;2026-11-21T07:24:34Z;iPad;No number;iOS 17.0;
"""
GOOGLE = """deviceId,serialNumber,model,lastPolicySync,osVersion,orgUnitPath,provisionStatus,\
annotatedAssetId,autoUpdateExpiration
d1,CHROME0001,Lenovo 300e Gen 3,2026-11-21T06:00:00Z,141.0.7390.1,/Pupils,ACTIVE,CB-1,2031-06-01
d2,CHROME0002,Acer C732,,,/Pupils,DEPROVISIONED,,Jun 2026
d3,CHROME0003,Acer C732,sometime,,/Pupils,PURPLE,,1811808000000
"""
