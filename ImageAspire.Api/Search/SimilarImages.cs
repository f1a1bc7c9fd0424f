using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Api.Search;

/// <summary>An image like another one.</summary>
/// <param name="Image">The record.</param>
/// <param name="Score">Of a near-duplicate the share of equal bits of the perceptual hashes; else the cosine of the images' vectors. 0 to 1.</param>
/// <param name="Why"><c>duplicate</c>: nearly the same image, perhaps in another size or format. <c>alike</c>: shows something alike.</param>
public sealed record SimilarImage(ImageRecord Image, double Score, string Why);

/// <summary>One page of images like another one.</summary>
/// <param name="Items">Near-duplicates, then images that are alike; best first.</param>
/// <param name="Next">Opaque cursor of the next page; absent at the end.</param>
/// <param name="ComparedBy">By what the image could be compared: <c>perceptual-hash-64</c>, and the name of a model. None: nothing is known of what it shows.</param>
public sealed record SimilarPage(IReadOnlyList<SimilarImage> Items, string? Next, IReadOnlyList<string> ComparedBy);

/// <summary>Finds images like another one: near-duplicates by their perceptual hashes, then alike ones by the vectors of the images.</summary>
internal sealed class SimilarImages(IVectorIndex index, SearchOptions options)
{
    private const byte Duplicates = 0, Alike = 1;

    // Of an image with a thousand near-duplicates, which are skipped among the alike ones.
    private const int MaxReads = 20;

    /// <summary>A page.</summary>
    /// <param name="image">The image.</param>
    /// <param name="filter">Limit, cursor and filters.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="Core.Paging.InvalidCursorException">The cursor is not one that this list handed out.</exception>
    /// <exception cref="VectorIndexTooLargeException">There are more images than the store can compare.</exception>
    public async Task<SimilarPage> FindAsync(ImageRecord image, ImageQuery filter, CancellationToken cancellationToken)
    {
        var vectors = await index.GetAsync(image.Id, cancellationToken);
        var hash = vectors.FirstOrDefault(one => one.Kind == VectorKind.Hash)?.Vector;
        var look = vectors.FirstOrDefault(one => one.Kind == VectorKind.Image)?.Vector;
        string?[] list = [.. CatalogRules.FiltersOf(filter), image.Id.ToString("D"), image.PerceptualHash];
        var resumed = filter.Cursor is null ? null : ScoreCursor.Read(filter.Cursor, list);
        var (part, place) = resumed is null ? (Duplicates, ScoreCursor.Start) : (resumed.Part, resumed.Of(look?.Model));
        var found = new List<(byte Part, ScoredImage One)>();
        if (part == Duplicates && hash is not null)
            await ReadAsync(Duplicates, new VectorQuery(VectorKind.Hash, hash) { MinScore = MinDuplicate, After = place }, one => one.Id != image.Id);
        if (look is not null && found.Count <= filter.Limit)
        {
            await ReadAsync(Alike, new VectorQuery(VectorKind.Image, look) { MinScore = options.MinAlike, After = part == Alike ? place : ScoreCursor.Start },
                one => one.Id != image.Id && !IsDuplicate(hash, one));
        }

        var next = found.Count <= filter.Limit ? null : CursorAt(found[filter.Limit - 1]);
        return new SimilarPage([.. found.Take(filter.Limit).Select(Answer)], next, [.. ((EmbeddingVector?[])[hash, look]).OfType<EmbeddingVector>().Select(one => one.Model)]);

        async Task ReadAsync(byte ofPart, VectorQuery query, Func<ImageRecord, bool> isWanted)
        {
            query = query with { Filter = filter, Limit = filter.Limit + 1 };
            for (var reads = 0; reads < MaxReads && found.Count <= filter.Limit; reads++)
            {
                var some = await index.FindAsync(query, cancellationToken);
                found.AddRange(some.Where(one => isWanted(one.Image)).Select(one => (ofPart, one)));
                if (some.Count < query.Limit)
                    return;
                query = query with { After = new ScorePosition(some[^1].Score, some[^1].Image.Id) };
            }
        }

        string CursorAt((byte Part, ScoredImage One) last) => ScoreCursor.Write(last.Part, new ScorePosition(last.One.Score, last.One.Image.Id), look?.Model, list);
    }

    private double MinDuplicate => PerceptualVector.ScoreOf(options.MaxDuplicateDistance);

    // Shown already, in the first part of the list.
    private bool IsDuplicate(EmbeddingVector? hash, ImageRecord other) =>
        hash is not null && PerceptualVector.Of(other.PerceptualHash) is { } one && hash.Similarity(one.Pack()) >= MinDuplicate;

    private static SimilarImage Answer((byte Part, ScoredImage One) found) => found.Part == Duplicates
        ? new SimilarImage(found.One.Image, Math.Round((1 + found.One.Score) / 2, 4), "duplicate")
        : new SimilarImage(found.One.Image, Math.Round(found.One.Score, 4), "alike");
}
