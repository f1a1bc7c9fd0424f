using System.Text.Json.Serialization;

namespace ImageAspire.Core.Images;

/// <summary>Where an image is on its path.</summary>
/// <remarks>The legal transitions are in <c>ImageLifecycle</c>.</remarks>
public enum ImageStatus
{
    /// <summary>Bytes, record and event are durable; nothing has looked at the image yet.</summary>
    Received,

    /// <summary>Decoded and measured; thumbnails exist; waits for the analysis.</summary>
    Inspected,

    /// <summary>What is in the image is on the record.</summary>
    Analyzed,

    /// <summary>The bytes are not a usable image; final.</summary>
    Rejected,

    /// <summary>Retries are used up; an operator can try again.</summary>
    Failed,
}

/// <summary>The one document about one image. Unknown is null (absent in JSON), never a made-up value.</summary>
public sealed record ImageRecord
{
    /// <summary>UUIDv7; its time is <c>uploadedAt</c> to the millisecond.</summary>
    public required Guid Id { get; init; }

    /// <summary>1 for a new record, one more with every change; the expected version of an optimistic write.</summary>
    public required long Version { get; init; }

    /// <summary>Where the image is on its path.</summary>
    public required ImageStatus Status { get; init; }

    /// <summary>The display name: what the client called the file, cleaned: no folders, no control characters, at most 200 characters. Data, never a path.</summary>
    public required string Name { get; init; }

    /// <summary>The media type by the bytes, not by the name.</summary>
    public required string ContentType { get; init; }

    /// <summary>Size of the original, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the original, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When the upload was accepted, UTC, to the millisecond.</summary>
    public required DateTimeOffset UploadedAt { get; init; }

    /// <summary>The name of the API key that uploaded it.</summary>
    public required string UploadedBy { get; init; }

    /// <summary>The id of that key, whose name may change; null on images from before ids were recorded. The key's storage quota counts by it.</summary>
    public Guid? UploadedByKey { get; init; }

    /// <summary>When the record last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Width in pixels, upright (after <c>orientation</c> is applied).</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, upright.</summary>
    public int? Height { get; init; }

    /// <summary>Number of frames when the file is animated or has several pages.</summary>
    public int? Frames { get; init; }

    /// <summary>EXIF orientation of the original, 1–8.</summary>
    public int? Orientation { get; init; }

    /// <summary>When the photo was taken, by the clock there: no zone. By EXIF, XMP, IPTC or GPS, in this order.</summary>
    public DateTime? TakenAtLocal { get; init; }

    /// <summary>The same as an instant, with the offset there; only when the file says the offset.</summary>
    [JsonConverter(typeof(OffsetTimeConverter))]
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>The camera, by EXIF.</summary>
    public CameraInfo? Camera { get; init; }

    /// <summary>Where the photo was taken, by EXIF or XMP.</summary>
    public GeoLocation? Location { get; init; }

    /// <summary>What people or programs wrote into the file.</summary>
    public ImageMetadata? Metadata { get; init; }

    /// <summary>What of the image could not be decoded; null when all of it could. The image is kept, shown and analysed as far as it goes.</summary>
    public ImageDamage? Damaged { get; init; }

    /// <summary>
    /// What a copy without metadata changes of the original's bytes, in order; empty for nothing. Null when there can be no such copy, or the
    /// image was inspected before such copies were made.
    /// </summary>
    public IReadOnlyList<MetadataEdit>? MetadataEdits { get; init; }

    /// <summary>Measured colours.</summary>
    public ImageColors? Colors { get; init; }

    /// <summary>A tiny image to show while the thumbnail loads: a <c>data:image/…;base64,</c> URI of at most 1 KiB.</summary>
    public string? Placeholder { get; init; }

    /// <summary>64-bit perceptual hash (DCT), 16 lower-case hexadecimal digits; similar images differ in few bits.</summary>
    public string? PerceptualHash { get; init; }

    /// <summary>The thumbnails that exist.</summary>
    public IReadOnlyList<ThumbnailInfo> Thumbnails { get; init; } = [];

    /// <summary>Tags that a person added; kept apart from what the analyser found.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What the analyser saw.</summary>
    public ImageAnalysis? Analysis { get; init; }

    /// <summary>Why the image was rejected or has failed.</summary>
    public ImageFailure? Failure { get; init; }

    /// <summary>When the image was archived; null while it is not.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>When the image was moved to the trash; null while it is not there.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Who moved it there: the name of an API key.</summary>
    public string? DeletedBy { get; init; }

    /// <summary>When it is purged from the trash, with its bytes.</summary>
    public DateTimeOffset? PurgeAt { get; init; }

    /// <summary>W3C trace id (32 hexadecimal digits) of the upload.</summary>
    public string? TraceId { get; init; }

    /// <summary>
    /// The time by which lists filter and sort: <see cref="TakenAtLocal"/>. Records of release 0.1 have only <see cref="TakenAt"/>, in UTC,
    /// which was the clock there whenever the file did not say the offset. Not part of the document.
    /// </summary>
    [JsonIgnore]
    public DateTime? TakenByClock => TakenAtLocal ?? TakenAt?.DateTime;

    /// <summary>The blob that holds the original. Not part of the document: it follows from digest and id.</summary>
    [JsonIgnore]
    public string BlobName => BlobNames.Original(Sha256, Id);
}

/// <summary>The camera as EXIF names it. Text is data from an untrusted file.</summary>
/// <param name="Make">Manufacturer.</param>
/// <param name="Model">Model.</param>
/// <param name="Lens">Lens model.</param>
/// <param name="FNumber">Aperture as an f-number, for example 2.8.</param>
/// <param name="ExposureSeconds">Exposure time in seconds.</param>
/// <param name="Iso">Sensitivity, ISO.</param>
/// <param name="FocalLengthMm">Focal length in millimetres.</param>
/// <param name="Flash">Whether the flash fired.</param>
public sealed record CameraInfo(
    string? Make = null, string? Model = null, string? Lens = null, double? FNumber = null,
    double? ExposureSeconds = null, int? Iso = null, double? FocalLengthMm = null, bool? Flash = null);

/// <summary>A place on Earth, WGS 84.</summary>
/// <param name="Latitude">Degrees north, −90 to 90.</param>
/// <param name="Longitude">Degrees east, −180 to 180.</param>
/// <param name="AltitudeMeters">Metres above sea level.</param>
public sealed record GeoLocation(double Latitude, double Longitude, double? AltitudeMeters = null);

/// <summary>Descriptive metadata of the file. Text is data from an untrusted file: printable and of limited length, never markup.</summary>
/// <param name="Title">Title.</param>
/// <param name="Description">Description, at most 2,000 characters.</param>
/// <param name="Keywords">At most 100 words or phrases; null for none.</param>
/// <param name="Rating">1–5.</param>
/// <param name="Creator">Who made it.</param>
/// <param name="Copyright">Who has the rights.</param>
public sealed record ImageMetadata(
    string? Title = null, string? Description = null, IReadOnlyList<string>? Keywords = null, int? Rating = null, string? Creator = null, string? Copyright = null);

/// <summary>What is wrong with an image of which a part could be decoded.</summary>
/// <param name="Reason"><c>truncated</c>: the file ends early. <c>corrupt</c>: a part of it cannot be decoded.</param>
/// <param name="Missing">How much of the picture is missing, 0–1; null when that is not known.</param>
public sealed record ImageDamage(string Reason, double? Missing = null)
{
    /// <summary>The file ends early.</summary>
    public const string Truncated = "truncated";

    /// <summary>A part of the file cannot be decoded.</summary>
    public const string Corrupt = "corrupt";
}

/// <summary>Colours as measured on a small upright copy in sRGB.</summary>
/// <param name="Dominant">The most frequent colours, most frequent first, as <c>#rrggbb</c>.</param>
/// <param name="Accent">The most vivid frequent colour, as <c>#rrggbb</c>.</param>
/// <param name="Brightness">Mean lightness, 0 (black) to 1 (white).</param>
/// <param name="Contrast">Standard deviation of lightness, 0 to 0.5.</param>
/// <param name="Sharpness">Variance of the Laplacian of lightness, scaled to 0–1.</param>
/// <param name="Monochrome">True when no colour is to be seen.</param>
public sealed record ImageColors(
    IReadOnlyList<string> Dominant, string Accent, double Brightness, double Contrast, double Sharpness, bool Monochrome);

/// <summary>One stored thumbnail.</summary>
/// <param name="Size">The square that it fits into, in pixels: 256, 1024 or 2048.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="ContentType"><c>image/webp</c> or <c>image/jpeg</c>.</param>
/// <param name="Bytes">Its size in bytes.</param>
public sealed record ThumbnailInfo(int Size, int Width, int Height, string ContentType, long Bytes);

/// <summary>Why an image stopped on its path.</summary>
/// <param name="Stage">The stage that gave up, for example <c>InspectImage</c>.</param>
/// <param name="Code">A stable code, for example <c>corrupt-image</c>; analysers may add their own.</param>
/// <param name="Message">For people: what is wrong and what to do.</param>
/// <param name="Attempts">How many times it was tried.</param>
/// <param name="At">When it was given up, UTC.</param>
public sealed record ImageFailure(string Stage, string Code, string Message, int Attempts, DateTimeOffset At)
{
    /// <summary>
    /// Why the last attempt failed: time-limit, dependency-away, dependency-refused, dependency-slow, dependency-failed, image-refused, process-died, conflict or
    /// our-fault. Absent in failures that earlier versions wrote.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>Because of which dependency: documents, blobs, topic or vision; absent when of none.</summary>
    public string? Dependency { get; init; }

    /// <summary>The same with its cause.</summary>
    public ImageFailure Because(string cause, string? dependency = null) => this with { Cause = cause, Dependency = dependency };
}
