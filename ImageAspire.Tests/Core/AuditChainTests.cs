using ImageAspire.Core.Auditing;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Core;

/// <summary>The links of the chain, with values that were computed by another program, and what a check of them finds.</summary>
public sealed class AuditChainTests
{
    private const string First = "1cd8685ef6c195dabd5f055ac0b788c112cfdbeeb1915e4e91ff7e387ba319ab";
    private const string Second = "3772a4b091261abf9802666b98d02c02aa53843be467e8571a1691b26c4b02bf";

    private readonly List<(long Number, byte[]? Hash, byte[] Field)> _entries = [];

    public AuditChainTests()
    {
        var previous = AuditChain.Start.ToArray();
        for (var number = 1; number <= 9; number++)
            _entries.Add((number, previous = AuditChain.Link(previous, number, [(byte)number]), [(byte)number]));
    }

    private AuditHead Head => new(9, AuditHead.HashText(_entries[^1].Hash));

    [Fact]
    public void Link_KnownEntries_HaveTheHashesOfTheFormat()
    {
        var first = AuditChain.Link(AuditChain.Start, 1, "ab"u8.ToArray(), [], null, "Füße"u8.ToArray());

        Convert.ToHexStringLower(first).ShouldBe(First);
        Convert.ToHexStringLower(AuditChain.Link(first, 2, (byte[])[0, 255])).ShouldBe(Second);
    }

    [Fact]
    public void Link_AnyDifference_GivesAnotherHash()
    {
        byte[] a = "a"u8.ToArray(), b = "b"u8.ToArray(), ab = "ab"u8.ToArray();
        byte[][] links =
        [
            AuditChain.Link(AuditChain.Start, 1, a, b), AuditChain.Link(AuditChain.Start, 1, ab, []), AuditChain.Link(AuditChain.Start, 1, [], ab),
            AuditChain.Link(AuditChain.Start, 1, ab), AuditChain.Link(AuditChain.Start, 1, ab, null), AuditChain.Link(AuditChain.Start, 2, ab),
            AuditChain.Link(AuditChain.Link(AuditChain.Start, 1), 1, ab), AuditChain.Link(AuditChain.Start, 1),
        ];

        links.Select(Convert.ToHexStringLower).Distinct().Count().ShouldBe(links.Length);
    }

    [Fact]
    public void Check_UnbrokenChain_IsIntactAndContinuesEachOfItsHeads()
    {
        foreach (var (number, hash, _) in _entries)
            Check(new AuditHead(number, AuditHead.HashText(hash))).ShouldBe("");
        Check(null).ShouldBe("");
        Check(new AuditHead(0, AuditHead.HashText(null))).ShouldBe("");
    }

    [Fact]
    public void Check_NoEntries_HasTheHeadOfAnEmptyLog()
    {
        var found = new AuditChainCheck(null).Complete();

        (found.Intact, found.Head).ShouldBe((true, new AuditHead(0, new string('0', 64))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void Check_ChangedField_ThatEntryAlone(int number)
    {
        Change(number, _entries[number - 1].Hash, [77]);

        Check(null).ShouldBe($"changed-entry {number}-{number}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void Check_ChangedOrRemovedHash_ThatEntryAlone(int number)
    {
        var field = _entries[number - 1].Field;
        Change(number, new byte[32], field);
        Check(null).ShouldBe($"changed-entry {number}-{number}");

        Change(number, null, field);
        Check(null).ShouldBe($"changed-entry {number}-{number}");
    }

    [Fact]
    public void Check_EntryWithANewHash_TheNextOneDoesNotFollow()
    {
        Change(5, AuditChain.Link(_entries[3].Hash, 5, (byte[])[77]), [77]);

        Check(null).ShouldBe("changed-entry 6-6");
    }

    [Fact]
    public void Check_RemovedEntries_AreMissingAndNothingElse()
    {
        _entries.RemoveAll(one => one.Number is 1 or 4 or 5 or 8);

        Check(Head).ShouldBe("missing-entries 1-1, missing-entries 4-5, missing-entries 8-8");
    }

    [Fact]
    public void Check_RemovedEnd_IsMissingWithTheHeadAlone()
    {
        var head = Head;
        _entries.RemoveRange(7, 2);

        Check(null).ShouldBe("");
        Check(head).ShouldBe("missing-entries 8-9");
    }

    [Fact]
    public void Check_RecomputedChain_IsFoundWithTheHeadAlone()
    {
        var head = Head;
        var previous = _entries[1].Hash!;
        for (var number = 3; number <= 9; number++)
            Change(number, previous = AuditChain.Link(previous, number, (byte[])[77]), [77]);

        Check(null).ShouldBe("");
        Check(head).ShouldBe("recomputed-chain 9-9");
    }

    [Fact]
    public void Check_EntryBeforeTheFirst_IsNamed()
    {
        _entries.Insert(0, (-3, new byte[32], [1]));

        Check(null).ShouldBe("changed-entry -3--3");
    }

    [Fact]
    public void Check_MoreBreaksThanAreListed_AreCounted()
    {
        var check = new AuditChainCheck(null);
        for (var number = 1; number <= 50; number++)
            check.Next(number, null, (byte[])[1]);

        var found = check.Complete();
        (found.BreakCount, found.Breaks.Count, found.Intact).ShouldBe((50, AuditChainCheck.MaxListed, false));
    }

    [Fact]
    public void Head_AsText_IsReadAgain()
    {
        AuditHead.TryParse($"{Head}", out var head).ShouldBeTrue();
        head.ShouldBe(Head);
        AuditHead.TryParse($"{Head}".ToUpperInvariant(), out head).ShouldBeTrue();
        head.ShouldBe(Head);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("9")]
    [InlineData("-1:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("1:000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("1:000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("1:0000000000000000000000000000000000000000000000000000000000000000:")]
    [InlineData("99999999999999999999:0000000000000000000000000000000000000000000000000000000000000000")]
    public void Head_OtherText_IsRefused(string? text) => AuditHead.TryParse(text, out _).ShouldBeFalse();

    private void Change(int number, byte[]? hash, byte[] field) => _entries[number - 1] = (number, hash, field);

    private string Check(AuditHead? earlier)
    {
        var check = new AuditChainCheck(earlier);
        foreach (var (number, hash, field) in _entries)
            check.Next(number, hash, field);
        var found = check.Complete();
        found.Intact.ShouldBe(found.Breaks.Count == 0);
        return string.Join(", ", found.Breaks.Select(one => $"{one.Kind} {one.From}-{one.To}"));
    }
}
