using System.Text;
using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Core;

public sealed class ImageFormatTests
{
    public static TheoryData<string, string?> Heads() => new()
    {
        { "FFD8FFE000104A464946", "jpeg" },
        { "89504E470D0A1A0A0000000D", "png" },
        { "52494646FFFFFFFF57454250565038", "webp" },
        { "474946383961", "gif" },
        { "474946383761", "gif" },
        { "49492A0008000000", "tiff" },
        { "4D4D002A00000008", "tiff" },
        { "424D000000000000000036000000" + "28000000", "bmp" },
        { "00000020667479706176696600000000", "avif" },
        { "0000002066747970" + "6D69663100000000" + "61766966", "avif" },
        { "0000002066747970" + "6865696300000000" + "6D696631", "heic" },
        { "0000002066747970" + "6D69663100000000" + "68656963", "heic" },
        { "0000002066747970" + "69736F6D00000000" + "6D703431", null }, // MP4
        { "0000000C4A584C200D0A870A", "jxl" },
        { "FF0A", "jxl" },
        { "0000000C6A5020200D0A870A", "jp2" },
        { "FF4FFF51", "jp2" },
        { "384250530001", "psd" },
        { "000001000100" + "10100000" + "0100200068040000" + "16000000", "ico" },
        { "000001000100" + "101000FF" + "0100200068040000" + "16000000", "ico" }, // by .NET
        { "000001000000" + "10100000" + "0100200068040000" + "16000000", null }, // without a picture
        { "000001BA44000404", null }, // MPEG
        { "716F6966" + "0000000100000001" + "0300", "qoi" },
        { Convert.ToHexString(Encoding.ASCII.GetBytes("P6\n64 48\n255\n")), "pnm" },
        { Convert.ToHexString(Encoding.ASCII.GetBytes("P2 # of a comment")), "pnm" },
        { Convert.ToHexString(Encoding.ASCII.GetBytes("P7\nWIDTH 64\n")), "pnm" },
        { Convert.ToHexString(Encoding.ASCII.GetBytes("P1 is what matters most")), null },
        { Convert.ToHexString(Encoding.ASCII.GetBytes("P8 1 2 3")), null },
        { "424D2069732074686520666972737420", null },
        { "52494646FFFFFFFF57415645", null },
        { "FFD8", null },
        { "", null },
        { Convert.ToHexString(Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>")), null },
        { Convert.ToHexString(Encoding.UTF8.GetBytes("just text, named .jpg")), null },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Sniff_FirstBytes_DecideTheFormat(string head, string? expected) =>
        ImageFormat.Sniff(Convert.FromHexString(head))?.Name.ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Heads))]
    public void Sniff_NotAnImage_IsNull(string head, string? expected) =>
        (ImageFormat.Sniff(Convert.FromHexString(head)) is null).ShouldBe(expected is null);
}
