using XmpCore;

namespace ImageAspire.Imaging.Metadata;

/// <summary>An XMP packet (ISO 16684-1). Whatever in it is broken is absent.</summary>
internal sealed class Xmp
{
    /// <summary>Namespaces of the properties that are read.</summary>
    public const string Exif = "http://ns.adobe.com/exif/1.0/", Photoshop = "http://ns.adobe.com/photoshop/1.0/", Basic = "http://ns.adobe.com/xap/1.0/",
        DublinCore = "http://purl.org/dc/elements/1.1/", Tiff = "http://ns.adobe.com/tiff/1.0/", Lightroom = "http://ns.adobe.com/lightroom/1.0/";

    private const int MaxItems = 200;

    private readonly IXmpMeta? _meta;

    private Xmp(IXmpMeta? meta) => _meta = meta;

    /// <summary>Reads a packet; null or broken gives one without properties.</summary>
    public static Xmp Read(byte[]? packet)
    {
        // Some programs fill the place up with zeros.
        var text = packet.AsSpan().TrimEnd((byte)0).ToArray();
        return new Xmp(XmpShape.IsReadable(text) ? Try(() => XmpMetaFactory.ParseFromBuffer(text)) : null);
    }


    /// <summary>A simple property; null when it is not there.</summary>
    public string? Text(string space, string name) => _meta is null ? null : Try(() => _meta.GetPropertyString(space, name)?.Trim() is { Length: > 0 } text ? text : null);

    /// <summary>A text that may be there in several languages: the default one.</summary>
    public string? Localized(string space, string name) => _meta is null ? null : Try(() => _meta.GetLocalizedText(space, name, null!, "x-default")?.Value);

    /// <summary>The items of a list, at most 200.</summary>
    public IReadOnlyList<string> Items(string space, string name) => _meta is null ? [] : Try<IReadOnlyList<string>>(() =>
        [.. Enumerable.Range(1, Math.Min(_meta.CountArrayItems(space, name), MaxItems)).Select(i => _meta.GetArrayItem(space, name, i).Value)]) ?? [];

    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // the reader throws undocumented exceptions on broken packets; the image is usable without its XMP
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
