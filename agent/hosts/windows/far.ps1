# What Caretaker asks of a Windows computer over SSH beyond WMI; answering.ps1 comes before it. Bytes
# travel as numbers and nothing needs more than the constrained language mode.
function Get-Way($Question) {
    foreach ($path in @($Question.way)) {
        $item = Get-Item -LiteralPath $path -Force -ErrorAction SilentlyContinue
        if ($null -eq $item) { return 'none' }
        # A link, a junction, or a file that lies elsewhere.
        if ("$($item.Attributes)" -match 'ReparsePoint') { return 'link' }
    }
    return 'plain'
}

function Get-Moment($Item) { return $Item.LastWriteTimeUtc.ToString('o') }

function Get-Bytes($Question) {
    $way = Get-Way $Question
    if ($way -ne 'plain') { return @{ way = $way } }
    $item = Get-Item -LiteralPath $Question.path -Force
    if ($item.PSIsContainer) { return @{ way = 'folder' } }
    if ($item.Length -gt $Question.limit) { return @{ way = 'large' } }
    $option = @{ Encoding = 'Byte' }
    if ($PSVersionTable.PSVersion.Major -ge 6) { $option = @{ AsByteStream = $true } }
    $bytes = @(Get-Content -LiteralPath $Question.path -ReadCount 0 -Force @option)
    return @{ way = 'plain'; bytes = ($bytes -join ' ') }
}

function Get-About($Question) {
    $item = Get-Item -LiteralPath $Question.path -Force -ErrorAction SilentlyContinue
    if ($null -eq $item) { return $null }
    $size = 0
    if (-not $item.PSIsContainer) { $size = $item.Length }
    return @{ attributes = "$($item.Attributes)"; folder = [bool]$item.PSIsContainer; size = $size; at = (Get-Moment $item) }
}

function Get-Names($Question) {
    $way = Get-Way $Question
    if ($way -ne 'plain') { return @{ way = $way } }
    $names = @(Get-ChildItem -LiteralPath $Question.path -Force -Name | Select-Object -First 100001)
    return @{ way = 'plain'; names = $names }
}

function Get-Key($Question) {
    $path = 'Registry::' + $Question.path
    try { $key = Get-Item -LiteralPath $path }
    catch {
        if ("$($_.FullyQualifiedErrorId)" -match '^PathNotFound') { return $null }
        throw
    }
    try { $below = @($key.GetSubKeyNames()) }
    catch { $below = @(Get-ChildItem -LiteralPath $path -ErrorAction SilentlyContinue | ForEach-Object { $_.PSChildName }) }
    $values = @(foreach ($name in @($key.Property)) {
        $data = (Get-ItemProperty -LiteralPath $path).$name
        $kind = 'none'
        if ($data -is [string]) { $kind = 'sz' }
        elseif ($data -is [int]) { $kind = 'dword' }
        elseif ($data -is [long]) { $kind = 'qword' }
        elseif ($data -is [byte[]]) { $kind = 'binary'; $data = $data -join ' ' }
        elseif ($data -is [array]) { $kind = 'multi_sz'; $data = @($data) }
        @{ name = "$name"; type = $kind; data = $data }
    })
    return @{ values = $values; subkeys = $below }
}

function Get-Far($Question) {
    switch ("$($Question.ask)") {
        'read' { return Get-Bytes $Question }
        'stat' { return Get-About $Question }
        'list' { return Get-Names $Question }
        'registry' { return Get-Key $Question }
    }
    throw 'no such question'
}
