using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IApiKeyStore"/> must do. One store per test; several instances on it.</summary>
public abstract class ApiKeyStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The store's clock; it stands still until a test moves it.</summary>
    protected FakeTimeProvider Clock { get; } = new(Samples.Noon);

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IApiKeyStore Open();

    [Fact]
    public async Task Add_Key_CanBeReadEverywhere()
    {
        var key = Key("Füße") with
        {
            Scopes = ["read", "operate"], ExpiresAt = Samples.Noon.AddDays(7), PreviousSha256 = new string('b', 64), PreviousUntil = Samples.Noon.AddHours(1),
            RotatedAt = Samples.Noon.AddMinutes(-1),
            Unrecorded = [new AccessEvent(Guid.CreateVersion7(), AccessEventTypes.KeyCreated, Guid.NewGuid(), "boss", Samples.Noon, null, new AccessEventData { KeyName = "Füße" })],
        };

        (await Open().AddAsync(key, None)).ShouldBe(ApiKeyWrite.Done);

        var other = Open();
        var read = (await other.GetAsync(key.Id, None)).ShouldNotBeNull();
        read.Scopes.ShouldBe(key.Scopes);
        read.Unrecorded.ShouldBe(key.Unrecorded);
        (read with { Scopes = key.Scopes, Unrecorded = key.Unrecorded }).ShouldBe(key);
        (await AllAsync(other)).ShouldHaveSingleItem().Id.ShouldBe(key.Id);
        (await other.GetAsync(Guid.NewGuid(), None)).ShouldBeNull();
    }

    [Theory]
    [InlineData("camera", "camera")]
    [InlineData("camera", "CAMERA")]
    [InlineData("Füße", "fÜße")]
    public async Task Add_NameOfAnotherKey_IsRefused(string name, string again)
    {
        await Open().AddAsync(Key(name), None);
        (await Open().AddAsync(Key(again), None)).ShouldBe(ApiKeyWrite.NameTaken);
        (await AllAsync(Open())).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Add_SameNameAtOnce_OneGetsIt()
    {
        IApiKeyStore[] stores = [Open(), Open()];
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => stores[i % 2].AddAsync(Key("camera"), None))));
        results.Count(one => one == ApiKeyWrite.Done).ShouldBe(1);
        results.Count(one => one == ApiKeyWrite.NameTaken).ShouldBe(9);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Add_MoreThanTheMost_IsRefused()
    {
        var store = Open();
        for (var i = 0; i < ApiKey.Most; i++)
            (await store.AddAsync(Key($"key {i}"), None)).ShouldBe(ApiKeyWrite.Done);

        (await store.AddAsync(Key("one more"), None)).ShouldBe(ApiKeyWrite.TooMany);

        var first = (await AllAsync(store))[0];
        (await store.ReplaceAsync(Revoke(first), None)).ShouldBe(ApiKeyWrite.Done);
        (await store.AddAsync(Key("one more"), None)).ShouldBe(ApiKeyWrite.Done);
    }

    [Fact]
    public async Task Replace_SameVersionTwice_OnlyTheFirstStands()
    {
        var (one, other) = (Open(), Open());
        var key = Key("camera");
        await one.AddAsync(key, None);

        (await one.ReplaceAsync(key with { Version = 2, Name = "first" }, None)).ShouldBe(ApiKeyWrite.Done);
        (await other.ReplaceAsync(key with { Version = 2, Name = "second" }, None)).ShouldBe(ApiKeyWrite.Stale);

        (await other.GetAsync(key.Id, None))!.Name.ShouldBe("first");
        (await other.ReplaceAsync(Key("unknown") with { Version = 2 }, None)).ShouldBe(ApiKeyWrite.Stale);
    }

    [Fact]
    public async Task Replace_NameOfAnotherKey_IsRefused()
    {
        var store = Open();
        var (camera, scanner) = (Key("camera"), Key("scanner"));
        await store.AddAsync(camera, None);
        await store.AddAsync(scanner, None);

        (await store.ReplaceAsync(scanner with { Version = 2, Name = "Camera" }, None)).ShouldBe(ApiKeyWrite.NameTaken);
        (await store.ReplaceAsync(scanner with { Version = 2, Name = "SCANNER" }, None)).ShouldBe(ApiKeyWrite.Done); // its own
    }

    [Fact]
    public async Task Replace_Revoked_FreesTheNameAndIsRemembered()
    {
        var store = Open();
        var key = Key("camera");
        await store.AddAsync(key, None);

        (await store.ReplaceAsync(Revoke(key), None)).ShouldBe(ApiKeyWrite.Done);

        (await store.AddAsync(Key("camera"), None)).ShouldBe(ApiKeyWrite.Done);
        (await store.GetAsync(key.Id, None))!.RevokedAt.ShouldBe(Samples.Noon);
        (await AllAsync(store)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Add_LongAfterARevocation_TheOldKeyIsForgotten()
    {
        var store = Open();
        var key = Key("camera");
        await store.AddAsync(key, None);
        await store.ReplaceAsync(Revoke(key), None);
        await store.TouchAsync([new ApiKeyUse(key.Id, Samples.Noon)], None);

        Clock.Advance(ApiKey.Remembered + TimeSpan.FromSeconds(1));
        await store.AddAsync(Key("scanner"), None);

        var all = (await store.ReadAsync(null, None))!;
        all.Keys.ShouldHaveSingleItem().Name.ShouldBe("scanner");
        all.Uses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Change_ManyAtOnce_NoneIsLost()
    {
        var key = Key("camera");
        await Open().AddAsync(key, None);
        IApiKeyStore[] stores = [Open(), Open()];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            stores[i % 2].ChangeAsync(key.Id, one => one with { Version = one.Version + 1, Burst = one.Burst + 1 }, None))));

        (await stores[0].GetAsync(key.Id, None))!.ShouldSatisfyAllConditions(one => one.Version.ShouldBe(9), one => one.Burst.ShouldBe(key.Burst + 8));
    }

    [Fact]
    public async Task Read_RevisionKnown_IsNullUntilAKeyChanges()
    {
        var (one, other) = (Open(), Open());
        var empty = (await one.ReadAsync(null, None))!;
        empty.Keys.ShouldBeEmpty();
        (await one.ReadAsync(empty.Revision, None)).ShouldBeNull();

        var key = Key("camera");
        await other.AddAsync(key, None);
        var added = (await one.ReadAsync(empty.Revision, None)).ShouldNotBeNull();
        added.Keys.ShouldHaveSingleItem();
        await other.TouchAsync([new ApiKeyUse(key.Id, Samples.Noon)], None);
        (await one.ReadAsync(added.Revision, None)).ShouldBeNull(); // a use is no change

        await other.ReplaceAsync(Revoke(key), None);
        (await one.ReadAsync(added.Revision, None)).ShouldNotBeNull().Keys.ShouldHaveSingleItem().RevokedBy.ShouldBe("boss");
    }

    [Fact]
    public async Task Touch_SeveralInstances_TheLatestStands()
    {
        var (one, other) = (Open(), Open());
        var (key, configured) = (Guid.NewGuid(), Guid.NewGuid());

        await one.TouchAsync([new ApiKeyUse(key, Samples.Noon.AddMinutes(2)), new ApiKeyUse(configured, Samples.Noon)], None);
        await other.TouchAsync([new ApiKeyUse(key, Samples.Noon.AddMinutes(1))], None);
        await other.TouchAsync([], None);

        (await other.ReadAsync(null, None))!.Uses.ShouldBe(
            [new ApiKeyUse(key, Samples.Noon.AddMinutes(2)), new ApiKeyUse(configured, Samples.Noon)], ignoreOrder: true);
    }

    protected static ApiKey Key(string name)
    {
        var secret = ApiKeySecret.Create();
        return new ApiKey
        {
            Id = Guid.CreateVersion7(), Version = 1, Name = name, Scopes = ["read"], RequestsPerSecond = 10, Burst = 20,
            Sha256 = ApiKeySecret.Hash(secret), Hint = ApiKeySecret.Hint(secret), CreatedAt = Samples.Noon, CreatedBy = "boss",
        };
    }

    private static ApiKey Revoke(ApiKey key) => key with { Version = key.Version + 1, RevokedAt = Samples.Noon, RevokedBy = "boss" };

    private static async Task<IReadOnlyList<ApiKey>> AllAsync(IApiKeyStore store) => (await store.ReadAsync(null, None))!.Keys;
}
