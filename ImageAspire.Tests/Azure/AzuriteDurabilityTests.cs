using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Azure;

/// <summary>Azurite alone writes its index every five seconds. As this repository starts it, what it has answered survives a kill.</summary>
[Trait("Category", "Slow")]
public sealed class AzuriteDurabilityTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AzuriteDurabilityTests() => NodePackages.Azurite.Require();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_AfterItsAnswers_HasEveryChange()
    {
        const int Count = 40;
        using (var azurite = await AzuriteProcess.StartAsync(_folder.Root))
        {
            var container = Container(azurite);
            await container.CreateAsync();
            await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, token) => await container.UploadBlobAsync($"{number}", BinaryData.FromString($"blob {number}"), token));
            await container.DeleteBlobAsync("0");
            await azurite.KillAsync();
        }

        using var again = await AzuriteProcess.StartAsync(_folder.Root);

        var names = new List<string>();
        await foreach (var blob in Container(again).GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None))
            names.Add(blob.Name);
        names.ShouldBe(Enumerable.Range(1, Count - 1).Select(number => $"{number}"), ignoreOrder: true);
        foreach (var name in names)
            (await Container(again).GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString().ShouldBe($"blob {name}");
    }

    [Fact]
    public async Task Killed_DuringUploads_HasEachBlobWholeOrNotAtAll()
    {
        var answered = new ConcurrentBag<int>();
        using (var azurite = await AzuriteProcess.StartAsync(_folder.Root))
        {
            var container = Container(azurite);
            await container.CreateAsync();
            var uploads = Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
            {
                for (var number = worker; ; number += 8)
                {
                    await container.UploadBlobAsync($"{number}", BinaryData.FromBytes(BytesOf(number)));
                    answered.Add(number);
                }
            }));
            await Eventually.TrueAsync(() => answered.Count >= 100);
            await azurite.KillAsync();
            await Should.ThrowAsync<Exception>(uploads);
        }

        using var again = await AzuriteProcess.StartAsync(_folder.Root);

        var found = new List<int>();
        await foreach (var blob in Container(again).GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None))
        {
            found.Add(int.Parse(blob.Name));
            (await Container(again).GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray().ShouldBe(BytesOf(found[^1]));
        }

        answered.Except(found).ShouldBeEmpty();
    }

    private static byte[] BytesOf(int number) => [.. Enumerable.Range(0, 1000).Select(at => (byte)(at * 31 + number))];

    private static BlobContainerClient Container(AzuriteProcess azurite) =>
        new(azurite.ConnectionString, "images", new BlobClientOptions { Retry = { MaxRetries = 0 } });
}
