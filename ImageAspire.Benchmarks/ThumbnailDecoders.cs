using System.Diagnostics;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Benchmarks;

/// <summary>The Worker's child processes: this program started again, as the Worker starts itself.</summary>
internal sealed class ThumbnailDecoders : IDisposable
{
    private readonly DecoderPool _pool;
    private readonly IsolatedImageDecoder _decoder;

    public ThumbnailDecoders(int atOnce)
    {
        var options = new ImagingOptions { Decoders = atOnce, DecoderIdleTime = TimeSpan.FromHours(1), DecoderAnswers = int.MaxValue };
        _pool = new DecoderPool(options, DecoderCommand.ThisProgram(), TimeProvider.System, NullLogger.Instance);
        _decoder = new IsolatedImageDecoder(_pool, options, TimeProvider.System, NullLogger.Instance);
    }

    public IImageDecoder Decoder => _decoder;

    /// <summary>Resident bytes of the largest of them now.</summary>
    public long MemoryOfOne => _pool.Idle.Max(id => Of(id, process => process.WorkingSet64));

    /// <summary>The most resident bytes that the largest of them had.</summary>
    public long MostMemoryOfOne => _pool.Idle.Max(id => Of(id, process => process.PeakWorkingSet64));

    /// <summary>Adds the children's processor time to what this process used.</summary>
    public async Task<ThumbnailPeer.Cost> MeasureAsync(int images, Func<Task<ThumbnailPeer.Cost>> run)
    {
        var before = Processor();
        var cost = await run();
        return cost with { Cpu = cost.Cpu + (Processor() - before).TotalMilliseconds / images };
    }

    public void Dispose() => _decoder.Dispose();

    private TimeSpan Processor() => new(_pool.Idle.Sum(id => Of(id, process => process.TotalProcessorTime.Ticks)));

    private static long Of(int id, Func<Process, long> figure)
    {
        using var process = Process.GetProcessById(id);
        return figure(process);
    }
}
