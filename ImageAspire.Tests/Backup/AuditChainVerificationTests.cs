using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Tests.Backup;

/// <summary>`imageaspire verify` and the hash chain of the audit log, of a data folder and of a backup.</summary>
[Trait("Category", "Slow")]
public sealed class AuditChainVerificationTests
{
    private const string NoTriggers = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SoundLog_HeadIsPrintedAndContinued(bool backup)
    {
        using var store = await SmallStore.CreateAsync();
        var head = Head(store);
        await store.BackupAsync();
        string[] folder = backup ? [store.Backup] : ["--data", store.Data];

        var alone = await StoreCommand.RunAsync(["verify", .. folder]);
        var continued = await StoreCommand.RunAsync(["verify", .. folder, "--audit-head", $"{head}"]);
        var other = await StoreCommand.RunAsync(["verify", .. folder, "--audit-head", $"{head with { Hash = new string('a', 64) }}"]);
        var longer = await StoreCommand.RunAsync(["verify", .. folder, "--audit-head", $"{head with { Number = head.Number + 2 }}"]);

        alone.ExitCode.ShouldBe(0, alone.Text);
        alone.Output.ShouldContain($"note: the head of the audit log is {head};");
        continued.ExitCode.ShouldBe(0, continued.Text);
        other.ExitCode.ShouldBe(1, other.Text);
        other.Output.ShouldContain($"FAULT broken-audit-chain: entry {head.Number} has another hash than the earlier head");
        longer.ExitCode.ShouldBe(1, longer.Text);
        longer.Output.ShouldContain($"FAULT broken-audit-chain: entries {head.Number + 1} to {head.Number + 2} are missing -> ");
    }

    [Theory]
    [InlineData("UPDATE audit SET at=at-1 WHERE sequence=2", "entry 2, or the hash of the one before it, was changed")]
    [InlineData("DELETE FROM audit WHERE sequence=2", "entry 2 is missing")]
    public async Task ChangedLog_IsNamedInTheFolderAndItsBackup_WhichIsRestoredAllTheSame(string sql, string said)
    {
        using var store = await SmallStore.CreateAsync();
        store.Sql(AuditSchema.FileName, $"{NoTriggers} {sql}");
        await store.BackupAsync();

        (await store.VerifyAsync()).Faults.ShouldBe(1);
        (await store.VerifyBackupAsync()).Faults.ShouldBe(1);

        store.Said.Faults.ShouldAllBe(line => line.StartsWith($"FAULT broken-audit-chain: {said} -> "));
        (await store.RestoreAsync()).Images.ShouldBe(3);
    }

    [Fact]
    public async Task LogOfAnOlderVersion_IsSoundAndContainsNoHead()
    {
        using var store = await SmallStore.CreateAsync();
        var head = Head(store);
        store.Sql(AuditSchema.FileName, "ALTER TABLE audit DROP COLUMN hash; PRAGMA user_version=2");

        (await store.VerifyAsync()).Faults.ShouldBe(0);
        var verified = await StoreCommand.RunAsync("verify", "--data", store.Data, "--audit-head", $"{head}");

        verified.ExitCode.ShouldBe(1, verified.Text);
        verified.Output.ShouldContain("FAULT broken-audit-chain: the audit log has no chain");
    }

    [Theory]
    [InlineData("12")]
    [InlineData("12:abc")]
    public async Task WrongHead_IsWrongUsage(string head)
    {
        using var store = await SmallStore.CreateAsync(images: 1);

        var verified = await StoreCommand.RunAsync("verify", "--data", store.Data, "--audit-head", head);

        verified.ExitCode.ShouldBe(1, verified.Text);
        verified.Errors.ShouldContain("--audit-head must be a number, a colon and a SHA-256");
    }

    private static AuditHead Head(SmallStore store)
    {
        using var session = new SqliteSession(Path.Combine(store.Data, AuditSchema.FileName), readOnly: true);
        return AuditRows.Head(session);
    }
}
