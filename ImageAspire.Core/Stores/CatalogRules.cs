using System.Globalization;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Stores;

/// <summary>What every catalog checks in the same way, whatever it stores records in.</summary>
public static class CatalogRules
{
    private const int DigestLength = 64;

    /// <summary>Refuses transitions that no store may write.</summary>
    /// <exception cref="ArgumentException">No record before and after, no digest, or a change of what never changes.</exception>
    public static void Check(IReadOnlyList<Transition> transitions)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        foreach (var transition in transitions)
            Check(transition);
    }

    /// <summary>Refuses pages of no or too many records.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not 1 to <see cref="ImageQuery.MaxLimit"/>.</exception>
    public static void Check(ImageQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ImageQuery.MaxLimit, nameof(query));
    }

    /// <summary>Refuses pages of no or too many images in the trash.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not 1 to <see cref="ImageQuery.MaxLimit"/>.</exception>
    public static void Check(TrashQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ImageQuery.MaxLimit, nameof(query));
    }

    /// <summary>The filters of a list of the trash, for <see cref="OpaqueCursor"/>.</summary>
    public static string?[] FiltersOf(TrashQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ["trash", query.DueAt?.UtcTicks.ToString(CultureInfo.InvariantCulture)];
    }

    /// <summary>Whether a text is a SHA-256 digest: 64 hexadecimal digits.</summary>
    public static bool IsDigest(string text) => text?.Length == DigestLength && text.All(char.IsAsciiHexDigit);

    /// <summary>Sort and filters of a query in a fixed order, for <see cref="OpaqueCursor"/>; the limit may change from page to page.</summary>
    public static string?[] FiltersOf(ImageQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        string?[] metadata =
        [
            query.TakenFrom?.Ticks.ToString(CultureInfo.InvariantCulture), query.TakenTo?.Ticks.ToString(CultureInfo.InvariantCulture),
            query.MinRating?.ToString(CultureInfo.InvariantCulture), query.Camera,
            query.Area is { } area ? string.Create(CultureInfo.InvariantCulture, $"{area.West},{area.South},{area.East},{area.North}") : null,
        ];
        return
        [
            query.Sort.ToString(), query.Status?.ToString(), query.Tag, query.Text, query.Archived?.ToString(),
            query.From?.UtcTicks.ToString(CultureInfo.InvariantCulture), query.To?.UtcTicks.ToString(CultureInfo.InvariantCulture),
            // Left out when there is none: stored cursors of reprocessing jobs and of the scrub are older than these filters.
            .. metadata.Any(filter => filter is not null) ? metadata : [],
        ];
    }

    private static void Check(Transition transition)
    {
        if (transition.Before is null && transition.After is null)
            throw new ArgumentException("A transition without a record before and after it.", nameof(transition));
        if (transition.After is { } after && !IsDigest(after.Sha256))
            throw new ArgumentException($"Image {after.Id} has no SHA-256 digest.", nameof(transition));
        if (transition is { Before: { } from, After: { } to }
            && (from.Id, from.Sha256, from.UploadedAt, from.Bytes) != (to.Id, to.Sha256, to.UploadedAt, to.Bytes))
        {
            throw new ArgumentException($"A change of image {from.Id} cannot change its id, digest, size or time of upload.", nameof(transition));
        }
    }
}
