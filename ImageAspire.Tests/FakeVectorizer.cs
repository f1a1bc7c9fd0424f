using System.Collections.Concurrent;
using System.Text;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Tests;

/// <summary>A vectorizer that knows a few meanings: words of one meaning have vectors of cosine 0.9; all others are at right angles.</summary>
internal sealed class FakeVectorizer : IImageVectorizer
{
    private const int Length = 128, Meanings = 32;
    private static readonly string[][] Alike = [["dog", "puppy", "hound"], ["car", "vehicle", "automobile"], ["pizza", "italian food"], ["laptop", "computer"]];

    /// <summary>Name of the model of texts.</summary>
    public string TextModel { get; set; } = "fake-text/1";

    public bool HasOneSpace { get; set; }

    /// <summary>Thrown in place of an answer.</summary>
    public Exception? Error { get; set; }

    /// <summary>Whether vectors are offered.</summary>
    public bool IsOffered { get; set; } = true;

    /// <summary>Every text that was asked for.</summary>
    public ConcurrentQueue<string> Texts { get; } = new();

    public Task<EmbeddingVector?> OfTextAsync(string text, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        Texts.Enqueue(text);
        return Answer(Of(text, HasOneSpace ? "fake-image/1" : TextModel));
    }

    /// <summary>The vector of an image is that of the text in its bytes.</summary>
    public Task<EmbeddingVector?> OfImageAsync(ReadOnlyMemory<byte> image, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        Answer(Of(Encoding.UTF8.GetString(image.Span), "fake-image/1"));

    /// <summary>The vector of a text.</summary>
    public static EmbeddingVector Of(string text, string model = "fake-text/1")
    {
        var values = new float[Length];
        var meaning = Array.FindIndex(Alike, words => words.Contains(text.ToLowerInvariant()));
        // The part that is its own: 0.9 = cos² of the angle to the meaning.
        if (meaning >= 0)
            values[meaning] = 3;
        values[Meanings + (int)(Hash(text) % (Length - Meanings))] += 1;
        return EmbeddingVector.TryCreate(model, values)!;
    }

    /// <summary>A vector of an image.</summary>
    public static ImageVector Image(string look) => new(VectorKind.Image, Of(look, "fake-image/1"));

    /// <summary>Vectors of texts.</summary>
    public static ImageVector[] Seen(params string[] phrases) => [.. phrases.Select(phrase => new ImageVector(VectorKind.Text, Of(phrase)))];

    private Task<EmbeddingVector?> Answer(EmbeddingVector vector) => Error is not null ? throw Error : Task.FromResult(IsOffered ? vector : null);

    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);
}
