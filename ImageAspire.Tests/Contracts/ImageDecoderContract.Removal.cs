using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Contracts;

/// <summary>Copies without metadata.</summary>
public abstract partial class ImageDecoderContract
{
    public static TheoryData<string> PrivateFileNames => [.. PrivateFiles.All.Keys];

    public static TheoryData<string, byte[]> PlainFiles => [.. Formats().Where(one => IsOffered(one.Data.Item1, one.Data.Item2)), ("heic", TestImages.Heic()), ("jxl", TestImages.Jxl()), ("jp2", TestImages.Jp2()), ("jp2", TestImages.J2c()), ("gif", TestImages.AnimatedGif())];

    [Theory]
    [MemberData(nameof(PrivateFileNames))]
    public async Task Edits_FileWithMetadata_LeaveThePictureAlone(string name)
    {
        var file = PrivateFiles.All[name];
        var before = await InspectAsync(file);

        var edits = before.Header.MetadataEdits.ShouldNotBeNull();

        edits.ShouldNotBeEmpty();
        PrivateFiles.Secrets.ShouldAllBe(secret => Has(file, secret) || secret[0] != (byte)'S' && (name.StartsWith("gif") || name == "bmp"));
        var copy = Apply(file, edits);
        foreach (var secret in PrivateFiles.Secrets)
            Has(copy, secret).ShouldBeFalse(Convert.ToHexString(secret));
        await ShouldBeTheSameAsync(before, copy);
    }

    [Theory]
    [MemberData(nameof(PrivateFileNames))]
    public async Task Thumbnails_FileWithMetadata_HaveNone(string name)
    {
        foreach (var thumbnail in (await InspectAsync(PrivateFiles.All[name])).Decoded!.Thumbnails)
        {
            var content = thumbnail.Content.ToArray();
            PrivateFiles.Secrets.ShouldAllBe(secret => !Has(content, secret));
            (await InspectAsync(content)).Header.MetadataEdits.ShouldNotBeNull().ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(PlainFiles))]
    public async Task Edits_OfACopy_AreNone(string format, byte[] file)
    {
        var before = await InspectAsync(file);
        var copy = Apply(file, before.Header.MetadataEdits.ShouldNotBeNull(format));

        await ShouldBeTheSameAsync(before, copy);
        Apply(copy, (await InspectAsync(copy)).Header.MetadataEdits.ShouldNotBeNull(format)).ShouldBe(copy);
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public async Task Edits_OfACase_LeaveThePictureAlone(string name)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(CasesFolder, name));
        var before = await InspectAsync(file);

        // Where the picture ends is not known of a file without its end.
        if (before.Decoded!.Damaged is not null || name == "jpeg-without-end.jpg")
            before.Header.MetadataEdits.ShouldBeNull();
        else
            await ShouldBeTheSameAsync(before, Apply(file, before.Header.MetadataEdits.ShouldNotBeNull()));
    }

    [Fact]
    public async Task Edits_OfEveryVariant_LeaveThePictureAlone()
    {
        foreach (var (name, file) in ValidImages.All())
        {
            var before = await InspectAsync(file);
            if (IsOffered(name, file))
                await ShouldBeTheSameAsync(before, Apply(file, before.Header.MetadataEdits.ShouldNotBeNull(name)));
            else
                before.Header.MetadataEdits.ShouldBeNull(name);
        }
    }

    [Fact]
    public async Task Edits_ThumbnailOfAHeic_IsGone()
    {
        var (file, picture) = (PrivateFiles.All["heic"], TestImages.Heic().AsSpan(400, 100).ToArray());
        Count(file).ShouldBe(2);

        Count(Apply(file, (await InspectAsync(file)).Header.MetadataEdits.ShouldNotBeNull())).ShouldBe(1);

        int Count(byte[] bytes) => Enumerable.Range(0, bytes.Length - picture.Length).Count(at => bytes.AsSpan(at).StartsWith(picture));
    }

    [Fact]
    public async Task Edits_MutatedFiles_AreValidOrNone()
    {
        var files = PrivateFiles.All.Values.ToArray();
        var found = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var file = (byte[])files[seed % files.Length].Clone();
            for (var i = 0; i < 1 + random.Next(6); i++)
                file[random.Next(ImageFormat.SniffLength / 4, Math.Min(file.Length, 2000))] = (byte)random.Next(256);
            if (seed % 4 == 0)
                file = file[..random.Next(64, file.Length)];
            try
            {
                var before = await InspectAsync(file);
                if (before.Header.MetadataEdits is not { } edits)
                    continue;
                found++;
                MetadataEdits.AreValid(edits, file.Length).ShouldBeTrue();
                var after = (await InspectAsync(Apply(file, edits))).Header;
                (after.Camera, after.Location, after.TakenAtLocal, after.Metadata).ShouldBe((null, null, null, null));
            }
            catch (UnusableImageException)
            {
                // No image, no copy.
            }
        }

        found.ShouldBeGreaterThan(20);
    }

    // docs/formats.md says so.
    private static bool IsOffered(string name, byte[] file) =>
        ImageFormat.Sniff(file)!.Name is not ("ico" or "pnm" or "qoi") && name != "TIFF, JPEG" && !RawWriter.Kinds.ContainsKey(name.ToLowerInvariant());

    private async Task<InspectedImage> InspectAsync(byte[] file)
    {
        using var content = new MemoryStream(file);
        return await Decoder.InspectAsync(content, ImageFormat.Sniff(file)!, default);
    }

    private static bool Has(byte[] file, byte[] secret) => file.AsSpan().IndexOf(secret) >= 0;

    private static byte[] Apply(byte[] file, IReadOnlyList<MetadataEdit> edits)
    {
        MetadataEdits.AreValid(edits, file.Length).ShouldBeTrue();
        using var copy = new MemoryStream();
        using var edited = new EditedStream(new MemoryStream(file), edits);
        edited.CopyTo(copy);
        copy.Length.ShouldBe(edited.Length);
        return copy.ToArray();
    }

    // Thumbnails are made of the pixels in the same way each time.
    private async Task ShouldBeTheSameAsync(InspectedImage before, byte[] copy)
    {
        var (header, decoded) = await InspectAsync(copy);
        (header.Format, header.Width, header.Height, header.Frames, header.Orientation ?? 1)
            .ShouldBe((before.Header.Format, before.Header.Width, before.Header.Height, before.Header.Frames, before.Header.Orientation ?? 1));
        (header.Camera, header.Location, header.TakenAtLocal, header.Metadata).ShouldBe((null, null, null, null));
        foreach (var (mine, other) in decoded!.Thumbnails.Zip(before.Decoded!.Thumbnails))
            mine.Content.ToArray().ShouldBe(other.Content.ToArray());
        (decoded.PerceptualHash, decoded.Damaged).ShouldBe((before.Decoded.PerceptualHash, before.Decoded.Damaged));
    }
}
