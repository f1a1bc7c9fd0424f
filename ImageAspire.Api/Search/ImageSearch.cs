using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Api.Search;

/// <summary>A page of the image list that is asked for.</summary>
/// <param name="Query">Filters, words and page.</param>
/// <param name="ByMeaning">Whether images that mean what the words say follow those that have the words.</param>
internal sealed record ListRequest(ImageQuery Query, bool ByMeaning);

/// <summary>One page of the image list.</summary>
/// <param name="Items">The records.</param>
/// <param name="Next">Opaque cursor of the next page; absent at the end.</param>
public sealed record ImageListPage(IReadOnlyList<ImageRecord> Items, string? Next)
{
    /// <summary><c>used</c>: images were looked for by meaning, too. <c>unavailable</c>: they could not be, and there may be more. Absent when that was not asked for, is not offered, or comes on a later page.</summary>
    public string? Meaning { get; init; }

    /// <summary>So many at the end of this page were found by meaning, best first.</summary>
    public int? ByMeaning { get; init; }
}

/// <summary>Lists and searches: first the images that have every word, in the order that is asked for; then those that mean alike, best first.</summary>
internal sealed class ImageSearch(IImageCatalog catalog, IVectorIndex index, IImageVectorizer vectorizer, SearchOptions options)
{
    private const int MaxText = 256, MaxWords = 70; // Azure AI Vision takes 70 words
    private const string Used = "used", Unavailable = "unavailable";

    /// <summary>A page.</summary>
    /// <exception cref="Core.Paging.InvalidCursorException">The cursor is not one that this list handed out.</exception>
    public async Task<ImageListPage> FindAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        var text = request.ByMeaning && query.Text is { } words && SearchText.QueryWords(words).Count > 0 ? Shortened(words) : null;
        if (text is not null && ScoreCursor.Is(query.Cursor))
            return await AddByMeaningAsync([], query, text, ScoreCursor.Read(query.Cursor!, ListOf(query)), cancellationToken);
        var page = await catalog.QueryAsync(query, cancellationToken);
        return text is null || page.Next is not null ? new ImageListPage(page.Items, page.Next)
            : await AddByMeaningAsync(page.Items, query with { Cursor = null }, text, null, cancellationToken);
    }

    private async Task<ImageListPage> AddByMeaningAsync(
        IReadOnlyList<ImageRecord> found, ImageQuery query, string text, ScoreCursor.Place? place, CancellationToken cancellationToken)
    {
        EmbeddingVector? vector;
        IReadOnlyList<ScoredImage> alike;
        var room = query.Limit - found.Count;
        try
        {
            vector = await vectorizer.OfTextAsync(text, options.MeaningTimeLimit, cancellationToken);
            if (vector is null)
                return new ImageListPage(found, null);
            alike = await index.FindAsync(new VectorQuery(vectorizer.HasOneSpace ? VectorKind.Image : VectorKind.Text, vector)
            {
                MinScore = vectorizer.HasOneSpace ? options.MinMeaningOfImage : options.MinMeaning, Limit = room + 1, After = place?.Of(vector.Model), Filter = query,
            }, cancellationToken);
        }
        catch (Exception error) when (error is VectorizerUnavailableException or VectorIndexTooLargeException)
        {
            return new ImageListPage(found, null) { Meaning = Unavailable };
        }

        var shown = alike.Take(room).ToList();
        var next = alike.Count <= room ? null
            : ScoreCursor.Write(0, room == 0 ? ScoreCursor.Start : new ScorePosition(shown[^1].Score, shown[^1].Image.Id), vector.Model, ListOf(query));
        return new ImageListPage([.. found, .. shown.Select(one => one.Image)], next) { Meaning = Used, ByMeaning = shown.Count };
    }

    private static string?[] ListOf(ImageQuery query) => [.. CatalogRules.FiltersOf(query), "meaning"];

    private static string Shortened(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MaxWords));
        return line.Length <= MaxText ? line : line[..(char.IsHighSurrogate(line[MaxText - 1]) ? MaxText - 1 : MaxText)];
    }
}
