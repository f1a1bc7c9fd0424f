using System.Security.Cryptography;
using Azure;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

public abstract partial class BlobStoreContract
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replace_TakenOrFreeName_HasTheNewBytesEverywhere(bool taken)
    {
        var (store, other) = (Open(), Open());
        if (taken)
            await WriteAsync(store, "originals/abc.1", [1, 1, 1]);

        await ReplaceAsync(other, "originals/abc.1", [2, 2]);

        (await ReadAsync(store, "originals/abc.1")).ShouldBe([2, 2]);
        (await store.StatAsync("originals/abc.1", None))!.Bytes.ShouldBe(2);
        (await ListAsync(store, "originals/")).ShouldHaveSingleItem();
        CountStaged().ShouldBe(0);
    }

    [Fact]
    public async Task Replace_WhileOthersOpenTheBlob_EachReadsOneOfTheTwoAsAWhole()
    {
        var store = Open();
        byte[][] contents = [RandomNumberGenerator.GetBytes(200_000), RandomNumberGenerator.GetBytes(100_000)];
        await WriteAsync(store, "originals/abc", contents[0]);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    var read = await ReadAsync(store, "originals/abc", 0, contents[0].Length);
                    contents.ShouldContain(one => one.SequenceEqual(read));
                }
                catch (Exception error) when (error is IOException or RequestFailedException)
                {
                    // A store may refuse to go on with a blob that was replaced; it must not go on with other bytes.
                }
            }
        })).ToList();

        for (var i = 1; i <= 20; i++)
            await ReplaceAsync(store, "originals/abc", contents[i % 2]);
        await done.CancelAsync();

        await Task.WhenAll(readers);
        (await ReadAsync(store, "originals/abc")).ShouldBe(contents[0]);
        CountStaged().ShouldBe(0);
    }

    private static async Task ReplaceAsync(IBlobStore store, string name, byte[] bytes)
    {
        await using var staged = await store.StageAsync(None);
        await staged.Content.WriteAsync(bytes, None);
        await staged.ReplaceAsync(name, Type, None);
    }
}
