using System.Globalization;
using ImageAspire.Core.Auditing;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>Checks the hash chain of the audit log.</summary>
/// <param name="earlier">A head that was noted before; null to check the chain alone.</param>
/// <param name="report">Takes the faults.</param>
/// <param name="progress">Takes the progress.</param>
internal sealed class AuditChainChecks(AuditHead? earlier, VerificationReport report, StoreProgress progress)
{
    private const string Fault = "broken-audit-chain";
    private const string Remedy = "keep this file as evidence, find out who could write it, and compare it with the audit log of the last good backup (docs/operations.md)";

    /// <summary>Runs the checks.</summary>
    /// <param name="audit">The audit log; null when there is none.</param>
    /// <param name="cancellationToken">Cancels them.</param>
    public void Run(SqliteSession? audit, CancellationToken cancellationToken)
    {
        if (audit is null || Convert.ToInt32(audit.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture) < AuditRows.Schema)
        {
            if (earlier is not null)
                report.Fault(Fault, $"the audit log has no chain that could contain {earlier}", "use a later backup; or start the system once, which makes the chain of an older version's log");
            return;
        }

        var chain = new AuditChainCheck(earlier);
        var (end, after) = (AuditRows.Head(audit).Number, (long?)long.MinValue);
        while (after is { } from)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((after = AuditRows.CheckPage(audit, from, end, chain)) is { } done)
                progress.Report("Audit entries", done, end, 0);
        }

        var found = chain.Complete();
        foreach (var one in found.Breaks)
            report.Fault(Fault, $"{one}", Remedy);
        if (found.BreakCount > found.Breaks.Count)
            report.Note($"the chain of the audit log is broken in {found.BreakCount} places.");
        if (found.Head.Number > 0)
            report.Note($"the head of the audit log is {found.Head}; noted elsewhere, it proves later that nothing up to it was changed (--audit-head).");
    }
}
