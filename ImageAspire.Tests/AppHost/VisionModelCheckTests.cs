using System.Security.Cryptography;
using ImageAspire.AppHost.Model;

namespace ImageAspire.Tests.AppHost;

/// <summary>A wrong model is found before the vision service is started.</summary>
public sealed class VisionModelCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _models, _lock;

    public VisionModelCheckTests()
    {
        (_models, _lock) = (Path.Combine(_folder.Root, "models"), Path.Combine(_folder.Root, "models.lock.json"));
        Directory.CreateDirectory(_models);
        File.WriteAllBytes(Path.Combine(_models, "objects.onnx"), [1, 2, 3]);
        File.WriteAllText(_lock, $$"""
            { "packages": [ { "files": [
              { "name": "objects.onnx", "sha256": "{{Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))}}" },
              { "name": "text-embedding.onnx", "sha256": "00", "optional": true } ] } ] }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Problem_NeededModelsAreRight_None() => VisionModelCheck.Problem(_models, _lock).ShouldBeNull();

    [Fact]
    public void Problem_TruncatedModel_IsNamed()
    {
        File.WriteAllBytes(Path.Combine(_models, "objects.onnx"), [1, 2]);

        VisionModelCheck.Problem(_models, _lock).ShouldBe("its model objects.onnx is damaged, or of another version.");
    }

    [Fact]
    public void Problem_MissingModel_IsNamed()
    {
        File.Delete(Path.Combine(_models, "objects.onnx"));

        VisionModelCheck.Problem(_models, _lock).ShouldBe("its model objects.onnx is missing.");
    }

    [Fact]
    public void Problem_NoFolder_AllAreMissing() => VisionModelCheck.Problem(Path.Combine(_folder.Root, "none"), _lock).ShouldBe("its models are missing.");
}
