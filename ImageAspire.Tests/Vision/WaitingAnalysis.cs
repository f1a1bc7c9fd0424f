using System.Threading.Channels;
using ImageAspire.Vision.Analysis;

namespace ImageAspire.Tests.Vision;

/// <summary>Analyses that wait until a test lets one go, or until they are cancelled. The first one, which warms up, does not wait.</summary>
internal sealed class WaitingAnalysis : IImageAnalysis
{
    private readonly Channel<bool> _permits = Channel.CreateUnbounded<bool>();
    private int _begun, _running, _cancelled;

    /// <summary>Without the one that warms up.</summary>
    public int Begun => Volatile.Read(ref _begun) - 1;

    public int Running => Volatile.Read(ref _running);

    public int Cancelled => Volatile.Read(ref _cancelled);

    public void LetGo(int count)
    {
        for (var i = 0; i < count; i++)
            _permits.Writer.TryWrite(true).ShouldBeTrue();
    }

    public async Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _begun) == 1)
            return DecodingAnalysis.Seen(100, 100, request);
        Interlocked.Increment(ref _running);
        try
        {
            await _permits.Reader.ReadAsync(cancellationToken);
            return DecodingAnalysis.Seen(100, 100, request);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
