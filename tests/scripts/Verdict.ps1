# The messages of a folder that did not leave through the smart host (PowerShell 7).
#   ./Verdict.ps1 -SmartHost smtp-relay.example.com -Mails mails
param(
    [Parameter(Mandatory)] [string] $SmartHost,
    [Parameter(Mandatory)] [string] $Mails
)
$ErrorActionPreference = 'Stop'
# 1 and 3 are verdicts: they shall not end the script.
$PSNativeCommandUseErrorActionPreference = $false
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8

$found = smarthop check --smart-host $SmartHost --format json $Mails | ForEach-Object { $_ | ConvertFrom-Json }
$status = $LASTEXITCODE
$found | Where-Object { $_.outcome -ne 'pass' } | ForEach-Object {
    [pscustomobject]@{
        Path    = $_.source.path
        Outcome = $_.outcome
        Why     = if ($_.error) { $_.error.says } else { $_.reasons[0].says }
    }
}
exit $status
