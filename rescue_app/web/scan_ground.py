"""Where an asset lies, as coarse as it takes to ride along on the page of a scan."""

from shapely import get_num_coordinates

from hazards.checklists.visits import FAR_M
from qr_codes.assets.models import Asset
from qr_codes.packs.written import lines_of

COARSE, MOST_PLACES = 0.00001, 24
"""A metre to begin with; a road of ten kilometres has hundreds of places."""


class Standing:
    """Where an asset lies, for the phone to say how far from it somebody stands."""

    asset: Asset
    far_m = round(FAR_M)

    @property
    def ground(self) -> list[list[list[float]]]:
        """Give its shape, as coarse as it takes to ride along on any page."""
        place, coarse = self.asset.place, COARSE
        while get_num_coordinates(place) > MOST_PLACES:
            place, coarse = place.simplify(coarse), coarse * 2
        return lines_of(place)
