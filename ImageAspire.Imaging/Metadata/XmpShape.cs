using System.Xml;

namespace ImageAspire.Imaging.Metadata;

/// <summary>Whether an XMP packet may be given to its reader, which recurses into what is nested and compares what is repeated.</summary>
internal static class XmpShape
{
    // Programs nest a handful of elements, and write some hundred.
    private const int MaxDepth = 32, MaxNodes = 20_000;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false };

    /// <summary>Well-formed XML without a document type, of few and not deeply nested elements.</summary>
    public static bool IsReadable(byte[] packet)
    {
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(packet), Settings);
            for (var nodes = 0; xml.Read(); nodes += 1 + xml.AttributeCount)
            {
                if (xml.Depth > MaxDepth || nodes > MaxNodes)
                    return false;
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
