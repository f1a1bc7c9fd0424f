using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Benchmarks;

/// <summary>How fast and how well images are found by a vector in the embedded store, beside an exact comparison with all of them in memory.</summary>
internal static class VectorBenchmark
{
    public const string What = """
        the 50 nearest of many vectors by the embedded index, beside an exact comparison in memory: time, recall, memory
        --images 100000  --length 512  --clusters 1000  --searches 200
        """;

    private const int Batch = 1000, Wanted = 50, Few = 10;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--images", "--length", "--clusters", "--searches");
        var images = options.Number("--images", 100_000, 1000, 1_000_000);
        var length = options.Number("--length", 512, 64, 2048);
        var clusters = options.Number("--clusters", 1000, 1, 100_000);
        var searches = options.Number("--searches", 200, 10, 10_000);

        using var temp = new TempFolder("vectors");
        var vectors = new ClusteredVectors(length, clusters);
        var packed = new Dictionary<Guid, byte[]>(images);
        await using (var store = new SeededStore(temp.Of("data")))
            await SeedAsync(store, vectors, images, packed, cancellationToken);

        await using var opened = new SeededStore(temp.Of("data"));
        var queries = Enumerable.Range(0, searches + 1).Select(_ => new VectorQuery(VectorKind.Image, vectors.Next()) { Limit = Wanted, MinScore = -1 }).ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var first = (await TimeAsync(() => opened.Vectors.FindAsync(queries[^1], cancellationToken))).Milliseconds;
        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;

        List<double> times = [], exactTimes = [], recall = [], recallOfFew = [];
        foreach (var query in queries.Take(searches))
        {
            var (found, milliseconds) = await TimeAsync(() => opened.Vectors.FindAsync(query, cancellationToken));
            var (exact, exactMilliseconds) = await TimeAsync(() => Task.FromResult(Exact(packed, query.Vector)));
            times.Add(milliseconds);
            exactTimes.Add(exactMilliseconds);
            var ids = found.Select(one => one.Image.Id).ToHashSet();
            recall.Add(exact.Count(ids.Contains) / (double)Wanted);
            recallOfFew.Add(exact.Take(Few).Count(ids.Contains) / (double)Few);
        }

        var (ours, theirs) = (new Samples(times), new Samples(exactTimes));
        var report = new Report("vectors", "", "p50 ms", "p99 ms", $"recall of the best {Few}", $"of the best {Wanted}", "MB in memory");
        report.Setting("images", images);
        report.Setting("length", length);
        report.Setting("clusters", clusters);
        report.Row("ImageAspire: bits in memory, numbers and records from SQLite", ours.Median, ours.P99, recallOfFew.Average(), recall.Average(), megabytes);
        report.Row("exact, all numbers in memory, ids only", theirs.Median, theirs.P99, 1, 1, images * (length + 16) / 1e6);
        report.Note($"The first search reads the bits: {first:0} ms.");
        report.Figure("p50Ms", ours.Median);
        report.Figure("p99Ms", ours.P99);
        report.Figure("firstMs", first);
        report.Figure("recall", recall.Average());
        report.Figure("recallOfFew", recallOfFew.Average());
        report.Bar($"p50 ms among {images:#,0}", ours.Median, 50, atLeast: false);
        report.Bar("recall of the best 10", recallOfFew.Average(), 0.9, atLeast: true);
        report.Print(Console.Out);
        return 0;
    }

    private static async Task SeedAsync(SeededStore store, ClusteredVectors vectors, int images, Dictionary<Guid, byte[]> packed, CancellationToken cancellationToken)
    {
        var records = new SeedRecords();
        for (var start = 0; start < images; start += Batch)
        {
            var transitions = Enumerable.Range(start, Math.Min(Batch, images - start))
                .Select(number => records.Number(number) with { Vectors = [new ImageVector(VectorKind.Image, vectors.Next())] }).ToList();
            foreach (var one in transitions)
                packed.Add(one.After!.Id, one.Vectors![0].Vector.Pack());
            await store.Catalog.CommitAsync(transitions, cancellationToken);
        }
    }

    private static List<Guid> Exact(Dictionary<Guid, byte[]> packed, EmbeddingVector vector)
    {
        var best = new PriorityQueue<Guid, double>();
        foreach (var (id, numbers) in packed)
        {
            best.Enqueue(id, vector.Similarity(numbers));
            if (best.Count > Wanted)
                best.Dequeue();
        }

        var found = new List<Guid>();
        while (best.TryDequeue(out var id, out _))
            found.Add(id);
        found.Reverse();
        return found;
    }

    private static async Task<(T Result, double Milliseconds)> TimeAsync<T>(Func<Task<T>> work)
    {
        var start = TimeProvider.System.GetTimestamp();
        var result = await work();
        return (result, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
    }
}
