using ImageAspire.Core.Images;

namespace ImageAspire.Core.Ports;

/// <summary>In which order a page comes.</summary>
public enum ImageSort
{
    /// <summary>Newest upload first.</summary>
    Newest,

    /// <summary>Oldest upload first.</summary>
    Oldest,

    /// <summary>By name, A to Z, ignoring the case of ASCII letters.</summary>
    Name,

    /// <summary>Largest original first.</summary>
    Largest,

    /// <summary>Newest date taken first (<see cref="ImageRecord.TakenByClock"/>). Images without one come after all others, newest upload first.</summary>
    Taken,
}

/// <summary>Which records to list. Conditions are combined with "and".</summary>
public sealed record ImageQuery
{
    /// <summary>Largest page.</summary>
    public const int MaxLimit = 200;

    /// <summary>How many records, 1–200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary><see cref="ImagePage.Next"/> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>Only this status.</summary>
    public ImageStatus? Status { get; init; }

    /// <summary>Only with this tag, of a person or of the analyser.</summary>
    public string? Tag { get; init; }

    /// <summary>Words; each must begin a word of the name, the caption, a tag or the text in the image, spaces that are missing there aside. Data, never a query language.</summary>
    public string? Text { get; init; }

    /// <summary>Uploaded at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Uploaded before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Taken at or after, by the clock there (<see cref="ImageRecord.TakenByClock"/>).</summary>
    public DateTime? TakenFrom { get; init; }

    /// <summary>Taken before, by the clock there.</summary>
    public DateTime? TakenTo { get; init; }

    /// <summary>With at least this rating, 1–5.</summary>
    public int? MinRating { get; init; }

    /// <summary>Words; each must begin a word of the camera's make or model. Data, never a query language.</summary>
    public string? Camera { get; init; }

    /// <summary>Taken in this area.</summary>
    public GeoArea? Area { get; init; }

    /// <summary>Archived ones only (true), others only (false), or both (null).</summary>
    public bool? Archived { get; init; } = false;

    /// <summary>Order.</summary>
    public ImageSort Sort { get; init; }
}

/// <summary>
/// An area between two meridians and two parallels, in degrees (WGS 84), its edges included. West greater than east: it crosses the antimeridian.
/// That has two numbers, 180 and −180: an area that begins or ends there is taken as one that crosses it, so that it has the places with either of them.
/// </summary>
/// <param name="West">Western longitude, −180 to 180.</param>
/// <param name="South">Southern latitude, −90 to 90.</param>
/// <param name="East">Eastern longitude, −180 to 180.</param>
/// <param name="North">Northern latitude, −90 to 90.</param>
public sealed record GeoArea(double West, double South, double East, double North)
{
    private const double Antimeridian = 180;

    /// <summary>Western longitude, −180 to 180.</summary>
    public double West { get; } = West == -Antimeridian && East != Antimeridian ? Antimeridian : West;

    /// <summary>Eastern longitude, −180 to 180.</summary>
    public double East { get; } = East == Antimeridian && West != -Antimeridian ? -Antimeridian : East;
}
