using System.Net.Http.Json;
using System.Text.Json;
using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Benchmarks;

/// <summary>Precision and recall of search by meaning with the vectors of a vision service, to choose the least score.</summary>
internal static class MeaningBenchmark
{
    public const string What = """
        precision and recall of search by meaning at several least scores, with the vectors of a running vision service
        --endpoint http://127.0.0.1:5090  --key KEY
        """;

    private static readonly double[] Scores = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--endpoint", "--key");
        using var http = new HttpClient { BaseAddress = new Uri((options.Text("--endpoint") ?? "http://127.0.0.1:5090").TrimEnd('/') + "/") };
        http.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", options.Text("--key") ?? throw new ArgumentException("--key is missing: the vision service's."));
        var known = new Dictionary<string, EmbeddingVector>();
        async Task<EmbeddingVector> VectorAsync(string text) => known.TryGetValue(text, out var one) ? one : known[text] = await RequestAsync(http, text, cancellationToken);

        (string Name, Func<SeenImage, string[]> Of)[] compositions =
        [
            ("each thing, texts apart", image => [.. image.Things, image.Text, image.Written]),
            ("the same and the category", image => [.. image.Things, image.Category, image.Text, image.Written]),
            ("all things in one text", image => [string.Join(", ", image.Things), image.Text, image.Written]),
            ("everything in one text", image => [string.Join(", ", [.. image.Things, image.Text, image.Written])]),
        ];
        var report = new Report("meaning", "vectors of an image", "least score", "precision", "recall", "searches answered", "hits");
        foreach (var (name, of) in compositions)
        {
            var hits = new List<(double Score, bool Expected, string Search)>();
            foreach (var (search, expected) in MeaningCases.Searches)
            {
                var wanted = await VectorAsync(search);
                foreach (var image in MeaningCases.Images)
                {
                    var best = -1.0;
                    foreach (var phrase in of(image).Where(phrase => phrase.Length > 0))
                        best = Math.Max(best, wanted.Similarity((await VectorAsync(phrase)).Pack()));
                    hits.Add((best, expected.Contains(image.Name), search));
                }
            }

            foreach (var score in Scores)
                Add(report, name, score, hits);
        }

        report.Print(Console.Out);
        return 0;
    }

    private static void Add(Report report, string name, double score, List<(double Score, bool Expected, string Search)> hits)
    {
        var over = hits.Where(hit => hit.Score >= score).ToList();
        var right = over.Where(hit => hit.Expected).ToList();
        report.Row(name, score, right.Count / (double)Math.Max(1, over.Count), right.Count / (double)hits.Count(hit => hit.Expected),
            $"{right.DistinctBy(hit => hit.Search).Count()} of {MeaningCases.Searches.Count(one => one.Expected.Length > 0)}", over.Count);
    }

    private static async Task<EmbeddingVector> RequestAsync(HttpClient http, string text, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            "computervision/retrieval:vectorizeText?api-version=2024-02-01&model-version=2023-04-15", new { text }, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"The vision service answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return EmbeddingVector.TryCreate(answer.RootElement.GetProperty("modelVersion").GetString(), answer.RootElement.GetProperty("vector").Deserialize<float[]>())
            ?? throw new InvalidOperationException("The vision service answered no vector.");
    }
}
