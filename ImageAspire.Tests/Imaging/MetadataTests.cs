using System.Text;
using ImageAspire.Imaging.Metadata;

namespace ImageAspire.Tests.Imaging;

/// <summary>Metadata that was made to break its readers.</summary>
public sealed class MetadataTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("٢٠٢٤:٠٥:٠١ ١٠:٢٠:٣٠")]
    [InlineData("2024:05:01 10:20:3٠")]
    [InlineData("2024:05:01 10:20:30.٥")]
    [InlineData("2024:05:01 10:20:30+٠2:00")]
    public void Date_InDigitsOfAnotherScript_IsAbsent(string text) => TakenTime.Parse(text, Now).ShouldBeNull();

    [Fact]
    public void Offset_InDigitsOfAnotherScript_IsAbsent() =>
        TakenTime.Parse("2024:05:01 10:20:30", Now, "+٠٢:٠٠").ShouldNotBeNull().Offset.ShouldBeNull();

    [Fact]
    public void Place_InDigitsOfAnotherScript_IsAbsent() => Place.Read(Exif.Read(null), Xmp.Read(Packet("exif:GPSLatitude='٤٨,30.5N' exif:GPSLongitude='3,15E'"))).ShouldBeNull();

    [Fact]
    public void Place_InXmp_IsRead() => Place.Read(Exif.Read(null), Xmp.Read(Packet("exif:GPSLatitude='48,30N' exif:GPSLongitude='3,15W'"))).ShouldBe(new(48.5, -3.25));

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    public void Xmp_DeeplyNested_IsIgnored(int depth)
    {
        var nested = string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));

        Xmp.Read(Packet("xmp:Rating='5'", nested)).Text(Xmp.Basic, "Rating").ShouldBeNull();
    }

    [Fact]
    public void Xmp_ManyElements_IsIgnored()
    {
        var many = string.Concat(Enumerable.Repeat("<xmp:Label>x</xmp:Label>", 30_000));

        Xmp.Read(Packet("xmp:Rating='5'", many)).Text(Xmp.Basic, "Rating").ShouldBeNull();
    }

    [Fact]
    public void Xmp_WithADocumentType_IsIgnored()
    {
        byte[] packet = [.. "<!DOCTYPE x [<!ENTITY a 'b'>]>"u8, .. Packet("xmp:Rating='5'")];

        Xmp.Read(packet).Text(Xmp.Basic, "Rating").ShouldBeNull();
    }

    [Fact]
    public void Xmp_InItsWrapperAndPadded_IsRead()
    {
        byte[] packet = [.. "<?xpacket begin='\uFEFF' id='W5M0MpCehiHzreSzNTczkc9d'?>"u8, .. Packet("xmp:Rating='5'"), .. "\n   \n<?xpacket end='w'?>"u8, 0, 0];

        Xmp.Read(packet).Text(Xmp.Basic, "Rating").ShouldBe("5");
    }

    private static byte[] Packet(string attributes, string content = "") => Encoding.UTF8.GetBytes($"""
        <x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
        <rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:exif='http://ns.adobe.com/exif/1.0/' {attributes}>{content}</rdf:Description>
        </rdf:RDF></x:xmpmeta>
        """);
}
