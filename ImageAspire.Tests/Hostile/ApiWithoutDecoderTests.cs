using System.Reflection;
using ImageAspire.Api;

namespace ImageAspire.Tests.Hostile;

/// <summary>Only the Worker's decoders parse images: nothing that the Api is made of knows a codec.</summary>
[Trait("Category", "Slow")]
public sealed class ApiWithoutDecoderTests
{
    [Fact]
    public void Api_AllItRefersTo_HasNoCodec()
    {
        var seen = new HashSet<string>();
        var open = new Queue<Assembly>([typeof(ApiOptions).Assembly]);
        while (open.TryDequeue(out var assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => seen.Add(name.Name!) && name.Name!.StartsWith("ImageAspire", StringComparison.Ordinal)))
                open.Enqueue(Assembly.Load(name));
        }

        seen.ShouldContain("ImageAspire.Core"); // it looks at the right thing
        seen.ShouldNotContain("ImageAspire.Imaging");
        seen.ShouldNotContain("MetadataExtractor");
        seen.ShouldNotContain("NetVips");
    }

    [Fact]
    public void Api_WhatItIsBuiltWith_HasNoCodec()
    {
        // The file that says what is loaded at run time, also by name.
        var dependencies = Path.ChangeExtension(typeof(ApiOptions).Assembly.Location, ".deps.json");
        File.Exists(dependencies).ShouldBeTrue(dependencies);

        var text = File.ReadAllText(dependencies);

        text.ShouldContain("ImageAspire.Core");
        foreach (var codec in (string[])["ImageAspire.Imaging", "MetadataExtractor", "libvips"])
            text.ShouldNotContain(codec);
    }
}
