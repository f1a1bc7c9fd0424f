using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Reprocessing;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedReprocessingJobStoreTests : ReprocessingJobStoreContract, IAsyncDisposable
{
    private readonly OperationsFile _file = new();

    protected override IReprocessingJobStore Open() => new EmbeddedReprocessingJobStore(_file.Open());

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
