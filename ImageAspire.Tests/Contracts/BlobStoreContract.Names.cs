using System.Security.Cryptography;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Reading, deleting and listing, and the names that are refused.</summary>
public abstract partial class BlobStoreContract
{
    [Theory]
    [InlineData(0, null, 1000)]
    [InlineData(0, 10, 10)]
    [InlineData(990, null, 10)]
    [InlineData(100, 250, 250)]
    [InlineData(990, 100, 10)]
    [InlineData(1000, null, 0)]
    [InlineData(5000, 10, 0)]
    [InlineData(7, 0, 0)]
    public async Task Open_Range_GivesThoseBytes(long offset, int? length, int expected)
    {
        var store = Open();
        var bytes = RandomNumberGenerator.GetBytes(1000);
        await WriteAsync(store, "originals/abc", bytes);
        (await ReadAsync(store, "originals/abc", offset, length)).ShouldBe(bytes.Skip((int)offset).Take(expected));
    }

    [Fact]
    public async Task Open_FromTheStart_CanSeek()
    {
        var store = Open();
        await WriteAsync(store, "originals/abc", [1, 2, 3]);
        await using var stream = (await store.OpenAsync("originals/abc", 0, null, None))!;
        stream.CanSeek.ShouldBeTrue();
        stream.Length.ShouldBe(3);
        stream.Position = 2;
        stream.ReadByte().ShouldBe(3);
    }

    [Fact]
    public async Task Open_NegativeRange_Throws()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Open().OpenAsync("originals/abc", -1, null, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Open().OpenAsync("originals/abc", 0, -1, None));
    }

    [Fact]
    public async Task AnyCall_NoSuchBlob_Nothing()
    {
        var store = Open();
        (await store.OpenAsync("originals/abc", 0, null, None)).ShouldBeNull();
        (await store.StatAsync("originals/abc", None)).ShouldBeNull();
        (await store.DeleteAsync("originals/abc", None)).ShouldBeFalse();
        (await ListAsync(store, BlobNames.Thumbnails)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_Blob_IsGoneOnceAndCanComeAgain()
    {
        var (store, other) = (Open(), Open());
        await WriteAsync(store, "originals/abc", [1]);
        await using var reader = await other.OpenAsync("originals/abc", 0, null, None);

        (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.DeleteAsync("originals/abc", None))))).Count(d => d).ShouldBe(1);

        (await other.StatAsync("originals/abc", None)).ShouldBeNull();
        (await WriteAsync(other, "originals/abc", [2])).ShouldBeTrue();
        (await ReadAsync(store, "originals/abc")).ShouldBe([2]);
    }

    [Fact]
    public async Task List_Folder_GivesItsBlobsOnly()
    {
        var store = Open();
        string[] originals = ["originals/abc", "originals/abd.1", "originals/ff00"];
        foreach (var name in (string[])[.. originals, "thumbnails/abc.256.webp"])
            await WriteAsync(store, name, [1, 2]);

        var listed = await ListAsync(store, BlobNames.Originals);
        listed.Select(b => b.Name).ShouldBe(originals, ignoreOrder: true);
        listed.ShouldAllBe(b => b.Bytes == 2);
        (await ListAsync(store, BlobNames.Thumbnails)).Select(b => b.Name).ShouldBe(["thumbnails/abc.256.webp"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("originals/")]
    [InlineData("originals/../abc")]
    [InlineData("../originals/abc")]
    [InlineData("originals/..")]
    [InlineData("/etc/passwd")]
    [InlineData("originals//abc")]
    [InlineData("originals/ab/c")]
    [InlineData("originals\\abc")]
    [InlineData("originals/ABC")]
    [InlineData("originals/abc\n")]
    [InlineData("originals/ab\0c")]
    [InlineData("originals/äbc")]
    [InlineData(".staging/abc")]
    public async Task AnyCall_InvalidName_Refused(string name)
    {
        var store = Open();
        await Should.ThrowAsync<ArgumentException>(() => store.OpenAsync(name, 0, null, None));
        await Should.ThrowAsync<ArgumentException>(() => store.StatAsync(name, None));
        await Should.ThrowAsync<ArgumentException>(() => store.DeleteAsync(name, None));
        await Should.ThrowAsync<ArgumentException>(() => WriteAsync(store, name, [1]));
        CountStaged().ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("originals")]
    [InlineData("../")]
    [InlineData("/")]
    [InlineData("originals/ab/")]
    [InlineData(".staging/")]
    public async Task List_InvalidFolder_Refused(string folder) =>
        await Should.ThrowAsync<ArgumentException>(() => ListAsync(Open(), folder));

    private static async Task<List<BlobInfo>> ListAsync(IBlobStore store, string folder)
    {
        var all = new List<BlobInfo>();
        await foreach (var blob in store.ListAsync(folder, None))
            all.Add(blob);
        return all;
    }
}
