using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IScrubFindingStore"/> must do. One store per test; several instances on it.</summary>
public abstract class ScrubFindingStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IScrubFindingStore Open();

    [Fact]
    public async Task Add_Finding_CanBeReadEverywhere()
    {
        var finding = Finding("Füße <b>.jpg", seenAfter: 7);
        (await Open().AddAsync(finding, None)).ShouldBeTrue();

        (await Open().FindAsync(finding.ImageId, None)).ShouldBe(finding);
        (await Open().FindAsync(Guid.CreateVersion7(), None)).ShouldBeNull();
        var list = await Open().ListAsync(10, None);
        (list.Total, list.Items.ShouldHaveSingleItem()).ShouldBe((1, finding));
    }

    [Fact]
    public async Task Add_ImageThatHasAFinding_FalseAndTheFirstStays()
    {
        var (store, finding) = (Open(), Finding());
        await store.AddAsync(finding, None);
        (await Open().AddAsync(finding with { Damage = OriginalDamage.WrongSize }, None)).ShouldBeFalse();
        (await store.FindAsync(finding.ImageId, None)).ShouldBe(finding);
    }

    [Fact]
    public async Task Add_TwentyAtOnce_ExactlyOneIsNew()
    {
        IScrubFindingStore[] stores = [Open(), Open()];
        var finding = Finding();
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].AddAsync(finding, None))));
        added.Count(one => one).ShouldBe(1);
        (await stores[0].ListAsync(10, None)).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Update_ReplacesAFinding_AndNeverBringsOneBack()
    {
        var (store, finding) = (Open(), Finding());
        await store.AddAsync(finding, None);
        var seen = finding with { Name = "renamed.jpg", Damage = OriginalDamage.MissingBytes, SeenAt = finding.SeenAt.AddMinutes(5) };
        (await Open().UpdateAsync(seen, None)).ShouldBeTrue();
        (await store.FindAsync(finding.ImageId, None)).ShouldBe(seen);

        (await Open().RemoveAsync(finding.ImageId, None)).ShouldBeTrue();
        (await store.UpdateAsync(seen, None)).ShouldBeFalse();
        (await store.RemoveAsync(finding.ImageId, None)).ShouldBeFalse();
        (await store.FindAsync(finding.ImageId, None)).ShouldBeNull();
        (await store.ListAsync(10, None)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task List_MoreThanTheLimit_ThoseSeenLongestAgoAndHowManyThereAre()
    {
        var store = Open();
        ScrubFinding[] findings = [Finding(seenAfter: 30), Finding(seenAfter: 10), Finding(seenAfter: 20)];
        foreach (var one in findings)
            await store.AddAsync(one, None);
        await store.UpdateAsync(findings[1] with { SeenAt = Samples.Noon.AddMinutes(40) }, None);

        var list = await Open().ListAsync(2, None);

        list.Total.ShouldBe(3);
        list.Items.Select(one => one.ImageId).ShouldBe([findings[2].ImageId, findings[0].ImageId]);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => store.ListAsync(0, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => store.ListAsync(ScrubFindings.MaxListed + 1, None));
    }

    private static ScrubFinding Finding(string name = "photo.jpg", int seenAfter = 0)
    {
        var id = Guid.CreateVersion7();
        return new ScrubFinding(id, name, Samples.Digest(id.ToString()), OriginalDamage.WrongBytes, Samples.Noon, Samples.Noon.AddMinutes(seenAfter));
    }
}
