using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Catalog;

/// <summary>Tables of the catalog.</summary>
internal static class CatalogSchema
{
    public static readonly Migration Version1 = new("SELECT 1");
}
