using ImageAspire.Tests.Requirements;
using ImageAspire.Vision.Models;

namespace ImageAspire.Tests.Vision;

/// <summary>A photograph of five people, which comes with the package of a model. It is fetched once, and kept beside the models.</summary>
internal static class PhotoOfPeople
{
    private const string Path = "assets/screenshot-facedetect.jpg";
    private static readonly Lazy<Task<byte[]?>> Photo = new(FetchAsync);

    /// <summary>Its bytes; without them the test is skipped.</summary>
    public static async Task<byte[]> ReadAsync()
    {
        var photo = await Photo.Value;
        Assert.SkipWhen(photo is null, "The registry of npm cannot be reached.");
        return photo!;
    }

    private static async Task<byte[]?> FetchAsync()
    {
        var file = System.IO.Path.Combine(Repository.Root, "ImageAspire.Vision", "obj", "people.jpg");
        if (File.Exists(file))
            return await File.ReadAllBytesAsync(file);
        try
        {
            var photo = (await NpmPackage.ReadAsync(ModelLock.Current.Packages.Single(package => package.Name == "@vladmandic/human"), [Path], CancellationToken.None))[Path];
            await File.WriteAllBytesAsync(file, photo);
            return photo;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
