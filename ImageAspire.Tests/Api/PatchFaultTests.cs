using System.Net;
using System.Text;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>Changes of images on a store that fails: all of a change stands or none, and the answer says only what is proved.</summary>
public sealed class PatchFaultTests
{
    [Fact]
    public async Task Patch_SeveralMembersAndTheSecondWriteFails_StandsWhole()
    {
        var store = new Faults();
        await using var host = new ApiHost(store.Install);
        var id = await host.UploadAsync(1);
        store.FailsFrom = store.Commits + 2;

        using var answer = await PatchAsync(host, id);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = await answer.ReadAsync<ImageDto>();
        (record.Name, record.ArchivedAt is not null).ShouldBe(("new.jpg", true));
        (await host.Catalog.GetAsync(id, CancellationToken.None))!.Version.ShouldBe(2);
    }

    [Theory]
    [InlineData(true, "Nothing was kept; send the request again.")]
    [InlineData(false, "It is not known whether the request took effect; look before you send it again.")]
    public async Task Patch_StoreFails_SaysWhatIsProved(bool isNothingWritten, string said)
    {
        var store = new Faults { IsNothingWritten = isNothingWritten };
        await using var host = new ApiHost(store.Install);
        var id = await host.UploadAsync(1);
        store.FailsFrom = store.Commits + 1;

        using var answer = await PatchAsync(host, id);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.ReadProblemAsync()).Detail.ShouldEndWith(said);
        (await host.Catalog.GetAsync(id, CancellationToken.None))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Patch_ReadAfterTheWriteFails_DoesNotClaimThatNothingWasKept()
    {
        var store = new Faults { IsNothingWritten = true };
        await using var host = new ApiHost(store.Install);
        var id = await host.UploadAsync(1);
        store.FailsReadsFrom = store.Commits + 1;

        using var answer = await PatchAsync(host, id);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.ReadProblemAsync()).Detail.ShouldContain("It is not known");
    }

    private static async Task<HttpResponseMessage> PatchAsync(ApiHost host, Guid id)
    {
        using var body = new StringContent("""{"name":"new.jpg","tags":["a"],"archived":true}""", Encoding.UTF8, "application/merge-patch+json");
        return await host.Client.PatchAsync($"/api/images/{id}", body);
    }

    /// <summary>The real catalog, which fails from a certain commit on.</summary>
    private sealed class Faults
    {
        public bool IsNothingWritten { get; init; }

        public int Commits { get; private set; }

        /// <summary>Number of the first commit that fails.</summary>
        public int FailsFrom { get; set; } = int.MaxValue;

        /// <summary>Reads fail after so many commits.</summary>
        public int FailsReadsFrom { get; set; } = int.MaxValue;

        public void Install(IServiceCollection services)
        {
            var real = services.Last(service => service.ServiceType == typeof(IImageCatalog));
            services.AddSingleton<IImageCatalog>(provider => new Catalog(this,
                (IImageCatalog)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!))));
        }

        private StoreUnavailableException Failure() => new("away") { NothingWritten = IsNothingWritten };

        private sealed class Catalog(Faults faults, IImageCatalog inner) : IImageCatalog
        {
            public Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken) => faults.Commits >= faults.FailsReadsFrom
                ? throw faults.Failure() : inner.GetWithTrashAsync(id, cancellationToken);

            public Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken) => inner.FindAsync(sha256, cancellationToken);

            public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken) =>
                ++faults.Commits >= faults.FailsFrom ? throw faults.Failure() : inner.CommitAsync(transitions, cancellationToken);

            public Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken) => inner.QueryAsync(query, cancellationToken);

            public Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken) => inner.CountAsync(facet, limit, cancellationToken);
        }
    }
}
