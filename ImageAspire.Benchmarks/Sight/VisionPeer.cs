using System.Diagnostics;
using System.Net.Http.Headers;
using ImageAspire.Benchmarks.Harness;

namespace ImageAspire.Benchmarks.Sight;

/// <summary>What one analysis, or the median and the mean of several, cost.</summary>
/// <param name="Median">Milliseconds until the answer.</param>
/// <param name="Processor">Milliseconds of processor time.</param>
internal sealed record VisionCost(double Median, double Processor)
{
    public static VisionCost Of(IReadOnlyCollection<VisionCost> costs) => new(new Samples(costs.Select(cost => cost.Median)).Median, costs.Average(cost => cost.Processor));
}

/// <summary>A vision service as a process of this machine.</summary>
internal sealed class VisionPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _client;
    private readonly int _process;

    public VisionPeer(Uri address, string key, int process)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = Patience };
        _client.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", key);
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException("The vision service is not ready.");
            await Task.Delay(5, cancellationToken);
        }
    }

    public async Task<VisionCost> AnalyzeAsync(string photo, string features, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(photo, cancellationToken));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var (before, began) = (ProcessTree.Of(_process).Processor, Stopwatch.GetTimestamp());
        using var answer = await _client.PostAsync($"/computervision/imageanalysis:analyze?api-version=2023-10-01&features={features}", body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return new VisionCost(Stopwatch.GetElapsedTime(began).TotalMilliseconds, (ProcessTree.Of(_process).Processor - before).TotalMilliseconds);
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync("/health", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not yet
        }
    }
}
