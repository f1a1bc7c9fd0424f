using System.Reflection;

namespace ImageAspire.Core.Diagnostics;

/// <summary>The version of this build.</summary>
public static class ProductVersion
{
    /// <summary>As Semantic Versioning writes it, such as <c>0.2.0</c> or <c>0.2.0-preview.0.12</c>, without the commit.</summary>
    public static string Current { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
