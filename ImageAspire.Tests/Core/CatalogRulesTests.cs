using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Tests.Core;

public sealed class CatalogRulesTests
{
    [Fact]
    public void Filters_OfAQueryWithoutMetadata_AreThoseOfStoredCursors() =>
        // Reprocessing jobs and the scrub keep cursors over an upgrade.
        CatalogRules.FiltersOf(new ImageQuery { Archived = null, Sort = ImageSort.Oldest }).ShouldBe(["Oldest", null, null, null, null, null, null]);
}
