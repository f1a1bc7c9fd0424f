using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Search;

/// <summary>Which images a search by vectors may answer with: those that the filters let through and that do not have the words.</summary>
internal sealed class CandidateFilter
{
    private readonly SqliteSession _session;
    private readonly ImageQuery _filter;
    private readonly string? _words, _camera;

    /// <param name="session">A connection.</param>
    /// <param name="filter">The filters; images with its words are left out.</param>
    public CandidateFilter(SqliteSession session, ImageQuery filter)
    {
        _session = session;
        _filter = filter with { Text = null, Cursor = null, Sort = ImageSort.Newest };
        _words = WordsOf(filter.Text) is { Count: > 0 } words ? SearchWords.ToMatch(session, words) : null;
        var camera = WordsOf(filter.Camera);
        LetsNothingThrough = camera is [];
        _camera = camera is null or [] ? null : SearchWords.ToCameraMatch(camera);
        if (LetsNothingThrough || _filter == new ImageQuery { Limit = _filter.Limit, Archived = _filter.Archived } && _filter.Archived != true)
            return;
        Allowed = Page().Few()?.ToHashSet();
        IsWide = Allowed is null;
    }

    /// <summary>Whether no image can pass.</summary>
    public bool LetsNothingThrough { get; }

    /// <summary>The only images that the filters let through; null when they are many.</summary>
    public HashSet<long>? Allowed { get; }

    /// <summary>Whether there are filters, and they let many images through.</summary>
    public bool IsWide { get; }

    /// <summary>Those of some images that may be answered.</summary>
    public HashSet<long> Passing(IEnumerable<long> images) => [.. Page().Among(images, _words)];

    private PageQuery Page() => new(_session, _filter, match: null, _camera);

    private static IReadOnlyList<string>? WordsOf(string? text) => string.IsNullOrWhiteSpace(text) ? null : SearchText.QueryWords(text);
}
