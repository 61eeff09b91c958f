# Answers Caretaker's questions to WMI: one question a line in, one answer a line out, both JSON and
# both plain ASCII, so that no code page can change them. Nothing here needs more than the
# constrained language mode of a well kept machine: no .NET calls but on simple types, no Add-Type.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
# Windows PowerShell 5.1 may show an array as an object with "value" and "Count".
Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue

function Get-Plain($Value) {
    if ($null -eq $Value) { return $null }
    if ($Value -is [bool] -or $Value -is [string]) { return $Value }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString('o') }
    if ($Value -is [array]) {
        $all = @(foreach ($one in $Value) { Get-Plain $one })
        return , $all
    }
    if ("$Value" -match '^-?[0-9]+$') { return $Value }
    return "$Value"
}

function Get-Rows($Question) {
    $names = @($Question.properties)
    try { $found = @(Get-CimInstance -Namespace $Question.namespace -OperationTimeoutSec 20 -Query $Question.query) }
    catch {
        # An older Windows may not have a property: ask for all there are.
        if ("$($_.FullyQualifiedErrorId)" -notmatch '0x80041017') { throw }
        $found = @(Get-CimInstance -Namespace $Question.namespace -OperationTimeoutSec 20 -Query $Question.all)
    }
    $rows = @(foreach ($one in $found) {
        $row = @{}
        foreach ($name in $names) { $row[$name] = Get-Plain $one.$name }
        $row
    })
    return , $rows
}

function Get-Ascii([string]$Text) {
    if ($Text -notmatch '[^\x20-\x7e]') { return $Text }
    $all = foreach ($one in [char[]]$Text) {
        $code = [int]$one
        if ($code -ge 32 -and $code -le 126) { "$one" } else { '\u{0:x4}' -f $code }
    }
    return $all -join ''
}

function Get-Answer([string]$Line) {
    try {
        $question = ConvertFrom-Json -InputObject $Line
        if ($question.ask) { $answer = @{ id = $question.id; gives = (Get-Far $question) } }
        else { $answer = @{ id = $question.id; rows = (Get-Rows $question) } }
    }
    catch { $answer = @{ id = $question.id; error = "$($_.FullyQualifiedErrorId)" } }
    return Get-Ascii (ConvertTo-Json -InputObject $answer -Depth 5 -Compress)
}

"{""mode"":""$($ExecutionContext.SessionState.LanguageMode)"",""version"":""$($PSVersionTable.PSVersion)""}"
