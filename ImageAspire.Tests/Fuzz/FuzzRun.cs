using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ImageAspire.Tests.Faults.Crashes;

namespace ImageAspire.Tests.Fuzz;

/// <summary>Sends seeded requests to an Api process from several clients, and collects complaints.</summary>
internal sealed class FuzzRun(CrashSystem system, ChildService api, RequestFuzzer fuzzer, int seed)
{
    private const int Clients = 8;
    private const int MaxComplaints = 20;
    private const int RawEvery = 8;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private int _next;

    /// <summary>What was wrong, with seed and number of the request; the first twenty.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>How many answers had which status; 0 are closed connections.</summary>
    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    /// <summary>Memory of the Api in KiB and its open files (Linux).</summary>
    public (long Memory, int Files) Size() => (
        long.Parse(File.ReadLines($"/proc/{api.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture),
        Directory.EnumerateFileSystemEntries($"/proc/{api.Id}/fd").Count());

    /// <summary>Sends requests until so many were sent in all, or there are too many complaints.</summary>
    public Task SendAsync(int upTo, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
    {
        while (Interlocked.Increment(ref _next) is var number && number <= upTo && _complaints.Count < MaxComplaints)
        {
            var random = new Random(HashCode.Combine(seed, number));
            var complaint = number % RawEvery == 0 ? await SendRawAsync(random, cancellationToken) : await SendOneAsync(random, cancellationToken);
            if (complaint is not null)
                _complaints.Enqueue($"seed {seed}, request {number}: {complaint}");
        }

        Interlocked.Decrement(ref _next); // of the one that was not sent
    }, cancellationToken)));

    private async Task<string?> SendOneAsync(Random random, CancellationToken cancellationToken)
    {
        var (operation, request) = fuzzer.Next(random);
        using var _ = request;
        var name = Shortened($"{operation.Method} {request.RequestUri}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Hang);
        try
        {
            using var answer = await system.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            _statuses.AddOrUpdate((int)answer.StatusCode, 1, (_, count) => count + 1);
            var complaint = await FuzzOracle.ComplaintAsync(operation, answer, patience.Token);
            if (complaint is null && answer.IsSuccessStatusCode && operation.Method == HttpMethod.Post)
                await LearnAsync(operation, answer, patience.Token);
            return complaint is null ? null : $"{name}: {complaint}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{name}: no answer in {Hang.TotalSeconds} s";
        }
        catch (HttpRequestException error) when (!api.HasExited && request.Content is not null)
        {
            // Refused before all of the body was sent, and closed: the client may see that only as a broken connection.
            return error.InnerException is IOException ? null : $"{name}: {error.Message}";
        }
        catch (HttpRequestException error)
        {
            return $"{name}: {error.Message} {api.Trouble()}";
        }
    }

    private async Task<string?> SendRawAsync(Random random, CancellationToken cancellationToken)
    {
        var request = RawRequests.Next(system.Address, CrashSystem.Key, random);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Hang);
        try
        {
            var line = await RawRequests.SendAsync(system.Address, request, patience.Token);
            _statuses.AddOrUpdate(line.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0, 1, (_, count) => count + 1);
            return FuzzOracle.ComplaintAboutLine(line) is { } complaint ? $"{complaint} for {Convert.ToBase64String(request)}" : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer in {Hang.TotalSeconds} s for {Convert.ToBase64String(request)}";
        }
    }

    private static string Shortened(string text) => text.Length <= 300 ? text : $"{text[..300]}… ({text.Length} characters)";

    private async Task LearnAsync(FuzzOperation operation, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Headers.Location is { } location && operation.Kind == "uploads")
            fuzzer.Learn(operation.Kind, location.OriginalString.Split('/')[^1]);
        if (answer.Content.Headers.ContentType?.MediaType != "application/json")
            return;
        using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
            fuzzer.Learn(operation.Kind, id.GetString()!);
    }
}
