Nothing here, sorry
